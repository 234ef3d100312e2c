// Real gRPC through the proxy: Debian's python3-grpcio on both sides, messages as plain bytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "files/files.hpp"
#include "proxy/fixture_for_tests.hpp"
#include "proxy/program_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::StartsWith;

constexpr auto python = "/usr/bin/python3";  // Debian's, which has the package

constexpr std::string_view script = R"py(
import concurrent.futures, sys, threading, time, grpc

LARGE = [("grpc.max_receive_message_length", 16 << 20), ("grpc.max_send_message_length", 16 << 20)]


def serve():
    ended = threading.Event()

    def unary(request, context):
        given = dict(context.invocation_metadata())
        context.send_initial_metadata((("x-first", given.get("x-given", "")),))
        context.set_trailing_metadata((("x-last", "end"), ("x-last-bin", b"\x00\xff")))
        return request

    def fail(request, context):
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "no \u00e4pples, 100% sold")

    def slow(request, context):
        context.add_callback(ended.set)
        time.sleep(1.5)
        return request

    def was_ended(request, context):
        return b"yes" if ended.wait(5) else b"no"

    def count(request, context):
        for i in range(int(request)):
            yield b"%d" % i

    def total(requests, context):
        return b"%d" % sum(len(each) for each in requests)

    def chat(requests, context):
        for each in requests:
            yield b"<" + each + b">"

    handlers = {
        "Unary": grpc.unary_unary_rpc_method_handler(unary),
        "Fail": grpc.unary_unary_rpc_method_handler(fail),
        "Slow": grpc.unary_unary_rpc_method_handler(slow),
        "WasEnded": grpc.unary_unary_rpc_method_handler(was_ended),
        "Count": grpc.unary_stream_rpc_method_handler(count),
        "Total": grpc.stream_unary_rpc_method_handler(total),
        "Chat": grpc.stream_stream_rpc_method_handler(chat),
    }
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(8), options=LARGE)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("echo.Echo", handlers),))
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    server.wait_for_termination()


def channel(target, host, trust):
    options = LARGE + [("grpc.default_authority", host), ("grpc.ssl_target_name_override", host)]
    if not trust:
        return grpc.insecure_channel(target, options)
    with open(trust, "rb") as file:
        return grpc.secure_channel(target, grpc.ssl_channel_credentials(file.read()), options)


def unary(to):
    call = to.unary_unary("/echo.Echo/Unary").with_call(b"hello", metadata=(("x-given", "seen"),), timeout=10)
    first = dict(call[1].initial_metadata())["x-first"]
    last = dict(call[1].trailing_metadata())
    print(call[0].decode(), first, last["x-last"], last["x-last-bin"])


def large(to):
    data = bytes(range(256)) * (5 << 12)
    print(len(data), to.unary_unary("/echo.Echo/Unary")(data, timeout=20) == data)


def fail(to):
    try:
        to.unary_unary("/echo.Echo/Fail")(b"", timeout=10)
    except grpc.RpcError as error:
        print(error.code().name, error.details().encode())


def missing(to):
    try:
        to.unary_unary("/echo.Echo/Missing")(b"", timeout=10)
    except grpc.RpcError as error:
        print(error.code().name, error.details())


def deadline(to):
    try:
        to.unary_unary("/echo.Echo/Slow")(b"", timeout=0.3)
    except grpc.RpcError as error:
        print(error.code().name, to.unary_unary("/echo.Echo/WasEnded")(b"", timeout=10).decode())


def streams(to):
    counted = b" ".join(to.unary_stream("/echo.Echo/Count")(b"1000", timeout=10))
    total = to.stream_unary("/echo.Echo/Total")((b"x" * 1000 for _ in range(2000)), timeout=20)
    print(counted == b" ".join(b"%d" % i for i in range(1000)), total.decode())


def chat(to):
    turn = threading.Semaphore(1)

    def questions():
        for i in range(50):
            turn.acquire()
            yield b"%d" % i

    answers = []
    for answer in to.stream_stream("/echo.Echo/Chat")(questions(), timeout=20):
        answers.append(answer)
        turn.release()
    print(len(answers), answers[-1].decode())


def many(to):
    ask = to.unary_unary("/echo.Echo/Unary")
    calls = [ask.future(b"%d" % i, timeout=20) for i in range(500)]
    print(all(call.result() == b"%d" % i for i, call in enumerate(calls)))


if sys.argv[1] == "serve":
    serve()
else:
    with channel(*sys.argv[2:5]) as to:
        globals()[sys.argv[1]](to)
)py";

class Grpc : public ProxyTest {
 protected:
  std::unique_ptr<Program> app;
  routing::Certificate certificate;

  [[nodiscard]] std::string script_path() const { return folder.path() / "echo.py"; }

  void SetUp() override {
    ASSERT_TRUE(files::write_atomically(script_path(), script).has_value());
    app = std::make_unique<Program>(std::vector<std::string>{python, script_path(), "serve"});
    const auto port = app->read_line();
    ASSERT_NE(port, "") << "python3-grpcio is needed";
    add_app("shop.test", {"127.0.0.1:" + port});
    certificate = make_certificate(folder.path(), "shop", {"shop.test"});
    table.certificates.push_back(certificate);
    start();
  }
  [[nodiscard]] std::string run(std::vector<std::string> words) const {
    words.insert(words.begin(), {python, script_path()});
    Program program(std::move(words));
    return std::string(trimmed(program.read_all()));
  }
  [[nodiscard]] std::string plain(const std::string& what,
                                  const std::string& host = "shop.test") const {
    return run({what, proxy->addresses().at(0), host, ""});
  }
  [[nodiscard]] std::string encrypted(const std::string& what) const {
    return run({what, tls_address(), "shop.test", certificate.chain});
  }
};

TEST_F(Grpc, AMessageIsAnsweredWithMetadata) {
  const std::string expected = "hello seen end b'\\x00\\xff'";
  EXPECT_EQ(plain("unary"), expected);
  EXPECT_EQ(encrypted("unary"), expected);
}

TEST_F(Grpc, LargeMessagesComeWhole) {
  EXPECT_EQ(plain("large"), "5242880 True");
  EXPECT_EQ(encrypted("large"), "5242880 True");
}

TEST_F(Grpc, ErrorsKeepTheirCodeAndMessage) {
  const std::string expected = "FAILED_PRECONDITION b'no \\xc3\\xa4pples, 100% sold'";
  EXPECT_EQ(plain("fail"), expected);
  EXPECT_EQ(encrypted("fail"), expected);
  EXPECT_EQ(plain("missing"), "UNIMPLEMENTED Method not found!");
}

TEST_F(Grpc, ADeadlineEndsTheCallOnBothSides) {
  EXPECT_EQ(plain("deadline"), "DEADLINE_EXCEEDED yes");
  EXPECT_EQ(encrypted("deadline"), "DEADLINE_EXCEEDED yes");
}

TEST_F(Grpc, StreamsOfEitherSideComeWhole) {
  EXPECT_EQ(plain("streams"), "True 2000000");
  EXPECT_EQ(encrypted("streams"), "True 2000000");
}

TEST_F(Grpc, BothSidesSpeakInTurns) {
  EXPECT_EQ(plain("chat"), "50 <49>");
  EXPECT_EQ(encrypted("chat"), "50 <49>");
}

TEST_F(Grpc, ManyCallsAtOnceAreAnswered) {
  EXPECT_EQ(plain("many"), "True");
  EXPECT_EQ(encrypted("many"), "True");
}

TEST_F(Grpc, ErrorsOfTheProxyAreUnderstood) {
  EXPECT_THAT(plain("missing", "unknown.test"), StartsWith("UNIMPLEMENTED No app answers"));
  app->end();
  EXPECT_THAT(plain("missing"), StartsWith("UNAVAILABLE The app is not available"));
}

}  // namespace
}  // namespace temps::proxy::testing
