#include "builds/builds.hpp"

#include <algorithm>

#include "builds/errors.hpp"
#include "builds/precompress.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "files/files.hpp"

namespace temps::builds {

namespace {

constexpr std::chrono::seconds precompress_time{60};
constexpr const char* certificates_name = "certificates.pem";

// A place among the builds that run at the same time; freed with the object.
class Turn {
 public:
  Turn(std::size_t& running, Signal& signal) : running_(running), signal_(signal) { ++running_; }
  ~Turn() {
    --running_;
    signal_.notify();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  std::size_t& running_;
  Signal& signal_;
};

void say_plan(const detect::Plan& plan, const runtime::LineSink& say) {
  say("detected " + replaced(trimmed(detect::describe(plan)), "\n", "\n  "));
  for (const auto& warning : plan.warnings) say("note: " + warning);
}

// What is served as it stands: no build, no instance.
bool is_plain_tree(const detect::Plan& plan) {
  return plan.provider == "static" && plan.install_commands.empty() && plan.build_commands.empty();
}

// A tenth of a small disk is enough.
std::uint64_t wanted_of(const files::Space& space, const Options& options) {
  return std::min(options.free_bytes_min, space.total_bytes / 10);
}

// They travel to an engine in the head of a request, which has a limit of its own.
std::map<std::string, std::string> fitting(const std::map<std::string, std::string>& variables,
                                           const runtime::LineSink& say) {
  constexpr std::size_t value_bytes_max = 4096;
  constexpr std::size_t bytes_max = std::size_t{64} << 10U;
  std::map<std::string, std::string> fit;
  std::vector<std::string> left_out;
  std::size_t bytes = 0;
  for (const auto& [name, value] : variables) {
    const auto with_it = bytes + name.size() + value.size();
    if (value.size() > value_bytes_max || with_it > bytes_max) {
      left_out.push_back(name);
      continue;
    }
    bytes = with_it;
    fit.emplace(name, value);
  }
  if (!left_out.empty()) {
    say(fmt::format("note: too large for a build, given to the app only: {}",
                    join(left_out, ", ")));
  }
  return fit;
}

// Has the user any image of their own in the settings?
bool are_defaults(const detect::BaseImages& images) {
  const detect::BaseImages usual;
  return images.debian == usual.debian && images.node == usual.node &&
         images.python == usual.python;
}

// An engine's own words for such a file are half unprintable.
Result<> check_dockerfile(const std::filesystem::path& path) {
  const auto text = files::read(path);
  if (!text || (is_utf8(*text) && !text->contains('\0'))) return {};
  return fail(errors::bad_dockerfile,
              "{} is no UTF-8 text, perhaps UTF-16; save it as UTF-8 and push again",
              path.filename().string());
}

}  // namespace

Task<Built> Builder::build(Request request, runtime::LineSink say, runtime::LineSink output) {
  if (running_ >= options_.at_once) say("waiting for another build to end");
  while (running_ >= options_.at_once) co_await turn_.next();
  const Turn turn(running_, turn_);
  if (request.reached) co_await request.reached(Step::detecting);
  co_await check_space();
  const auto work = options_.folder / fmt::format("build-{}", request.deployment);
  co_await remove(work);
  auto built = co_await attempt(build_in(work, request, say, output));
  if (!co_await attempt(shielded(remove(work)))) {
    log::warning("a build's work folder is left behind", {{"folder", work.string()}});
  }
  co_return co_await std::move(built);
}

// Thousands of files take their time.
Task<> Builder::remove(std::filesystem::path folder) {
  auto removed = co_await loop_.offload([folder] { return files::remove_all(folder); });
  co_await std::move(removed);
}

Task<Built> Builder::build_in(std::filesystem::path work, const Request& request,
                              const runtime::LineSink& say, const runtime::LineSink& output) {
  co_await files::make_folder(work);
  auto unpacked = co_await loop_.offload(
      [tar = request.source, to = work] { return files::unpack_tar(tar, to); });
  co_await std::move(unpacked);
  std::error_code ignored;
  if (std::filesystem::is_empty(work, ignored)) {
    co_await fail(errors::empty_tree,
                  "the commit is empty, it has no files; add them and push again: git add . && git "
                  "commit -m files");
  }
  auto tree = co_await detect::read_tree(work);
  auto plan = co_await detect::detect(tree, request.settings);
  say_plan(plan, say);
  if (request.reached) co_await request.reached(Step::building);
  const auto context = plan.context.empty() ? work : work / plan.context;
  if (is_plain_tree(plan)) co_return co_await take_tree(request, plan, context, say);
  auto built = runtime_.name() == "docker"
                   ? co_await build_image(request, plan, context, say, output)
                   : co_await build_folder(request, plan, context, output);
  if (!plan.static_output) co_return built;
  co_return co_await take_output(request, plan, std::move(built), say);
}

// The build must not fill the disk under the apps and the database.
Result<> Builder::check_space() const {
  auto space = options_.space_of(options_.folder);
  if (!space) return fail(space.error());
  const auto wanted = wanted_of(*space, options_);
  if (space->free_bytes >= wanted) return {};
  return fail(errors::disk_full,
              "only {} of {} are free in {}, a build needs {}: remove old projects (temps project "
              "delete NAME) or files, or get a larger disk; the running release goes on",
              human_bytes(space->free_bytes), human_bytes(space->total_bytes),
              options_.folder.string(), human_bytes(wanted));
}

// Images lie with the engine, perhaps on another disk.
Task<> Builder::make_room(runtime::LineSink say) {
  const auto folder = co_await runtime_.storage();
  if (folder.empty()) co_return;
  auto space = co_await options_.space_of(folder);
  if (space.free_bytes >= wanted_of(space, options_)) co_return;
  say(fmt::format("little space is left in {}; the build cache is dropped", folder.string()));
  co_await runtime_.drop_build_cache();
  space = co_await options_.space_of(folder);
  const auto wanted = wanted_of(space, options_);
  if (space.free_bytes >= wanted) co_return;
  co_await fail(errors::disk_full,
                "only {} of {} are free in {}, where the container engine keeps images; a build "
                "needs {}: see what takes it with: docker system df, remove what is not needed "
                "(docker image prune, temps project delete NAME), or get a larger disk; the "
                "running release goes on",
                human_bytes(space.free_bytes), human_bytes(space.total_bytes), folder.string(),
                human_bytes(wanted));
}

std::filesystem::path Builder::static_root(const Request& request) const {
  return options_.static_folder / request.project / std::to_string(request.deployment);
}

Task<> Builder::precompress_site(std::filesystem::path root, const runtime::LineSink& say) {
  const auto done = co_await loop_.offload([root] { return precompress(root, precompress_time); });
  if (done.files == 0) co_return;
  say(fmt::format("compressed {} files for browsers: {} become {}{}", done.files,
                  human_bytes(done.bytes_before), human_bytes(done.bytes_after),
                  done.is_cut_short ? "; the rest is compressed as it is asked for" : ""));
}

Task<Built> Builder::take_tree(const Request& request, const detect::Plan& plan,
                               std::filesystem::path context, const runtime::LineSink& say) {
  const auto root = static_root(request);
  const auto from = plan.static_output ? context / plan.static_output->directory : context;
  co_await remove(root);
  co_await files::make_folder(root.parent_path());
  co_await files::move(from.lexically_normal(), root);
  co_await files::make_folder(options_.folder);  // the move may have taken the work folder itself
  co_await check_index(root, plan);
  co_await precompress_site(root, say);
  co_return Built{.provider = plan.provider,
                  .static_root = root,
                  .single_page = plan.static_output && plan.static_output->single_page};
}

// Takes away what cannot be served.
Result<> Builder::check_index(const std::filesystem::path& root, const detect::Plan& plan) const {
  std::error_code ignored;
  if (std::filesystem::exists(root / "index.html", ignored)) return {};
  (void)files::remove_all(root);
  return fail(errors::empty_static_output,
              "there is no index.html in the folder \"{}\"; if the site is built into another one: "
              "temps project set NAME output_directory=FOLDER",
              plan.static_output ? plan.static_output->directory : ".");
}

// Folders made by `temps base-images build` serve where they exist and the user has not chosen
// others.
Task<detect::BaseImages> Builder::images(const detect::Plan& plan) {
  if (!are_defaults(options_.base_images)) co_return options_.base_images;
  const auto local = detect::BaseImages::local();
  for (const auto& image : detect::base_images_of(plan, local)) {
    if (!co_await runtime_.has_artifact(image)) co_return options_.base_images;
  }
  co_return local;
}

Result<> Builder::write_certificates(const std::filesystem::path& to) const {
  auto extra = files::read(options_.extra_certificates);
  if (!extra) {
    return fail(errors::no_certificates,
                "the certificates of the setting ca_file cannot be read: {}; correct the setting "
                "and start Temps again",
                extra.error().detail());
  }
  const auto usual = files::read(options_.certificates);
  const bool has_them = !usual || options_.certificates == options_.extra_certificates;
  return files::write_atomically(to, has_them ? *extra : *usual + "\n" + *extra, 0644);
}

Task<Built> Builder::build_image(const Request& request, const detect::Plan& plan,
                                 std::filesystem::path context, const runtime::LineSink& say,
                                 const runtime::LineSink& output) {
  runtime::BuildSpec spec{.project = request.project,
                          .deployment = request.deployment,
                          .source = context,
                          .environment = request.arguments,
                          .variables = fitting(request.variables, say),
                          .limits = options_.limits,
                          .time_limit = options_.time_limit};
  co_await make_room(say);
  if (!options_.extra_certificates.empty()) {
    spec.certificates = options_.folder / certificates_name;
    co_await write_certificates(spec.certificates);
  }
  if (plan.provider == "dockerfile") {
    co_await check_dockerfile(context / plan.dockerfile);
    spec.dockerfile = plan.dockerfile;
  } else {
    detect::DockerfileOptions dockerfile;
    auto declared = request.arguments;
    declared.insert(spec.variables.begin(), spec.variables.end());
    for (const auto& [name, value] : declared) dockerfile.build_variables.push_back(name);
    const auto chosen = co_await images(plan);
    for (const auto& warning : detect::image_warnings(plan, chosen)) say("note: " + warning);
    spec.dockerfile_text = detect::write_dockerfile(plan, chosen, dockerfile);
  }
  spec.variables.insert(request.provided.begin(), request.provided.end());
  auto artifact = co_await runtime_.build(std::move(spec), output);
  co_return Built{.provider = plan.provider,
                  .artifact = artifact.reference,
                  .variables = plan.environment,
                  .exposed_ports = artifact.exposed_ports};
}

Task<Built> Builder::build_folder(const Request& request, const detect::Plan& plan,
                                  std::filesystem::path context, const runtime::LineSink& output) {
  if (plan.provider == "dockerfile") {
    co_await fail(
        errors::needs_engine,
        "this project has a Dockerfile, and no container engine runs here; install one with: "
        "apt-get install docker.io, then start Temps again with --runtime docker");
  }
  runtime::BuildSpec spec{.project = request.project,
                          .project_id = request.project_id,
                          .deployment = request.deployment,
                          .source = context,
                          .environment = request.arguments,
                          .limits = options_.limits,
                          .time_limit = options_.time_limit};
  spec.environment.insert(request.variables.begin(), request.variables.end());
  spec.environment.insert(request.provided.begin(), request.provided.end());
  if (!options_.extra_certificates.empty()) {
    const auto file = options_.folder / certificates_name;
    co_await write_certificates(file);
    for (const auto* name : runtime::certificate_variables) spec.environment[name] = file.string();
  }
  Built built{.provider = plan.provider};
  for (const auto& step : detect::process_steps(plan)) {
    if (step.phase == detect::Phase::start) {
      built.start_command = step.command;
      built.variables = step.environment;
      // Without a network of its own the app is to be reached through the proxy only.
      for (const auto* name : {"HOST", "HOSTNAME"}) {
        if (built.variables.contains(name)) built.variables[name] = "127.0.0.1";
      }
    } else {
      spec.commands.push_back(step.command);
      spec.environment.insert(step.environment.begin(), step.environment.end());
    }
  }
  auto artifact = co_await runtime_.build(std::move(spec), output);
  built.artifact = artifact.reference;
  co_return built;
}

// A site that was built: its files are served by the proxy, what built them is no longer needed.
Task<Built> Builder::take_output(const Request& request, const detect::Plan& plan, Built built,
                                 const runtime::LineSink& say) {
  const auto root = static_root(request);
  co_await remove(root);
  co_await files::make_folder(root.parent_path());
  // The artifact is of no use any more, whatever came out of it.
  auto copied =
      co_await attempt(runtime_.copy_out(built.artifact, plan.static_output->directory, root));
  co_await runtime_.remove_artifact(built.artifact);
  co_await std::move(copied);
  co_await check_index(root, plan);
  co_await precompress_site(root, say);
  co_return Built{.provider = plan.provider,
                  .static_root = root,
                  .single_page = plan.static_output->single_page};
}

Task<> Builder::remove_static(std::string project, std::int64_t deployment) {
  co_await remove(options_.static_folder / project / std::to_string(deployment));
}

}  // namespace temps::builds
