// `temps git-hook pre-receive`, which git runs during a push: hands the push to the server and
// shows its answers.
#pragma once

namespace temps::app {

// Reads the ref updates from standard input; 0 accepts the push.
int git_hook();

}  // namespace temps::app
