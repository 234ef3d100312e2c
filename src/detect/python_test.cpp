// Python projects that detection must understand, one row each.
#include <gtest/gtest.h>

#include <string>

#include "detect/fixture.hpp"

namespace temps::detect {
namespace {

class PythonFixture : public testing::TestWithParam<Fixture> {};

TEST_P(PythonFixture, GivesThePlan) {
  const auto plan = detect(Tree::of(GetParam().files), GetParam().settings);
  EXPECT_EQ(summary(plan), GetParam().expected) << (plan ? "" : plan.error().detail());
}

const auto name_of = [](const auto& row) { return row.param.name; };

const std::string pip = " | python3 -m venv .venv; pip install -r requirements.txt";
const std::string by_default = " | 3.13 (default)";

INSTANTIATE_TEST_SUITE_P(
    Frameworks, PythonFixture,
    testing::Values(
        Fixture{"FlaskWithGunicorn",
                {{"requirements.txt", "Flask==3.0.3\ngunicorn==22.0.0\n"},
                 {"app.py", "from flask import Flask\napp = Flask(__name__)\n"}},
                "python flask" + by_default + pip + " | gunicorn --bind $HOST:$PORT app:app"},
        Fixture{"FlaskCorsIsNotFlask",
                {{"requirements.txt", "flask-cors\n"}, {"main.py", "print(1)"}},
                "python" + by_default + pip + " | python main.py"},
        Fixture{"GunicornIsAdded",
                {{"requirements.txt", "flask\n"}, {"server.py", "web: Flask = flask.Flask('x')"}},
                "python flask" + by_default + pip +
                    "; pip install gunicorn | gunicorn --bind $HOST:$PORT server:web"},
        Fixture{"FactoryInAPackageBelowSrc",
                {{"pyproject.toml",
                  "[project]\nname='shop'\ndependencies=['flask>=3', 'gunicorn']\n"
                  "[build-system]\nrequires=['hatchling']\n"},
                 {"src/shop/__init__.py", "def create_app():\n    app = Flask(__name__)\n"}},
                "python flask" + by_default +
                    " | python3 -m venv .venv; pip install . | "
                    "gunicorn --bind $HOST:$PORT \"shop:create_app()\""},
        Fixture{
            "FastApiStandardBringsItsServer",
            {{"requirements.txt", "fastapi[standard]\n"}, {"app.py", "api = FastAPI()\n"}},
            "python fastapi" + by_default + pip + " | uvicorn app:api --host $HOST --port $PORT"},
        Fixture{"FastApiInAnAppFolder",
                {{"requirements.txt", "fastapi\nuvicorn\n"}, {"app/main.py", "app = FastAPI()\n"}},
                "python fastapi" + by_default + pip +
                    " | uvicorn app.main:app --host $HOST --port $PORT"},
        Fixture{"StarletteFactory",
                {{"requirements.txt", "starlette\nuvicorn\n"}, {"main.py", "def create_app():\n"}},
                "python starlette" + by_default + pip +
                    " | uvicorn --factory main:create_app --host $HOST --port $PORT"},
        Fixture{"Streamlit",
                {{"requirements.txt", "streamlit\n"}, {"dashboard.py", "import streamlit as st"}},
                "python streamlit" + by_default + pip +
                    " | streamlit run dashboard.py --server.port $PORT --server.address $HOST "
                    "--server.headless true"},
        Fixture{"NoAppObject", {{"requirements.txt", "flask\n"}}, "detect.no_start_command"},
        Fixture{"ProcfileDecides",
                {{"requirements.txt", "flask\n"}, {"Procfile", "web: python b.py --x \"a: b\"\n"}},
                "python flask" + by_default + pip + " | python b.py --x \"a: b\""},
        Fixture{"LoneMainFile",
                {{"main.py", "print(1)"}},
                "python" + by_default + " | python3 main.py"},
        Fixture{"LoneFileYieldsToANodeApp",
                {{"app.py", ""}, {"package.json", R"({"scripts":{"start":"node a"}})"}},
                "node | 22 (default) | node a"},
        Fixture{"ToolSettingsAreNoProject",
                {{"pyproject.toml", "[tool.ruff]\nline-length = 100\n"}, {"index.html", ""}},
                "static | static ."}),
    name_of);

const std::string django_settings =
    "import os\n# WSGI_APPLICATION = 'no.no'\nWSGI_APPLICATION = 'shop.wsgi.application'\n"
    "INSTALLED_APPS = ['django.contrib.staticfiles']\nSTATIC_ROOT = 'static'\n";
const std::string collect =
    " | SECRET_KEY=${SECRET_KEY:-only-for-the-build} python manage.py collectstatic --noinput";

INSTANTIATE_TEST_SUITE_P(
    Django, PythonFixture,
    testing::Values(
        Fixture{"WithFrontEnd",
                {{"manage.py", ""},
                 {"requirements.txt", "Django>=5\npsycopg2\ngunicorn\n"},
                 {"config/settings.py", django_settings},
                 {"package.json",
                  R"({"devDependencies":{"tailwindcss":"3"},"scripts":{"build":"tailwindcss"}})"}},
                "python django" + by_default +
                    " | assets npm install --include=dev --no-audit --no-fund; npm run build" +
                    pip + collect + " | gunicorn --bind $HOST:$PORT shop.wsgi:application"},
        Fixture{"WithChannels",
                {{"manage.py", ""},
                 {"requirements.txt", "django\nchannels\n"},
                 {"shop/settings/base.py", "A = 1\n"},
                 {"shop/wsgi.py", ""},
                 {"shop/asgi.py", ""}},
                "python django" + by_default + pip +
                    "; pip install uvicorn[standard] | "
                    "uvicorn shop.asgi:application --host $HOST --port $PORT"},
        Fixture{"StaticFilesCanBeLeftOut",
                {{"manage.py", ""},
                 {"requirements.txt", "django\ngunicorn\n"},
                 {"shop/settings.py", django_settings}},
                "python django" + by_default + pip +
                    " | gunicorn --bind $HOST:$PORT shop.wsgi:application",
                {.variables = {{"DISABLE_COLLECTSTATIC", "1"}}}},
        Fixture{"WithoutAModule",
                {{"manage.py", ""}, {"requirements.txt", "django\n"}},
                "detect.no_start_command"}),
    name_of);

const Files uv_project{
    {"uv.lock", ""},
    {"pyproject.toml",
     "[project]\nname='a'\nrequires-python='>=3.10,<3.13'\ndependencies=['flask','gunicorn']\n"},
    {"requirements.txt", "flask"},
    {"wsgi.py", "app = Flask(__name__)"}};

INSTANTIATE_TEST_SUITE_P(
    Installers, PythonFixture,
    testing::Values(
        Fixture{"Uv", uv_project,
                "python flask | 3.12 (pyproject.toml requires-python) | tool uv | "
                "python3 -m venv .venv; uv sync --locked --no-dev | "
                "gunicorn --bind $HOST:$PORT wsgi:app"},
        Fixture{"Poetry",
                {{"poetry.lock", ""},
                 {"pyproject.toml",
                  "[tool.poetry.dependencies]\npython='^3.11'\nflask='3'\ngunicorn='*'\n"},
                 {"main.py", "app = Flask(__name__)"}},
                "python flask | 3.13 (pyproject.toml tool.poetry python) | tool poetry | "
                "python3 -m venv .venv; poetry install --only main --no-interaction --no-root | "
                "gunicorn --bind $HOST:$PORT main:app"},
        Fixture{"Pipfile",
                {{"Pipfile",
                  "[packages]\nflask='*'\ngunicorn='*'\n[requires]\npython_version='3.11'\n"},
                 {"Pipfile.lock", "{}"},
                 {"main.py", "app = Flask(__name__)"}},
                "python flask | 3.11 (Pipfile python_version) | tool pipenv | "
                "python3 -m venv .venv; pipenv install --deploy | "
                "gunicorn --bind $HOST:$PORT main:app"},
        Fixture{"RuntimeTxt",
                {{"requirements.txt", ""}, {"runtime.txt", "python-3.12.4\n"}, {"main.py", ""}},
                "python | 3.12.4 (runtime.txt)" + pip + " | python main.py"},
        Fixture{"BrokenPyproject",
                {{"pyproject.toml", "[project\n"}, {"main.py", ""}},
                "detect.invalid_manifest"}),
    name_of);

TEST(PythonPlan, NamesTheManifestsThatAreIncluded) {
  const auto plan = detect(Tree::of({{"requirements.txt", "-r requirements/base.txt\n-c c.txt\n"},
                                     {"requirements/base.txt", "-r ../requirements.txt\nflask\n"},
                                     {"c.txt", ""},
                                     {"main.py", "app = Flask(__name__)"}}));
  ASSERT_TRUE(plan.has_value()) << plan.error().detail();
  EXPECT_EQ(plan->framework, "flask");
  EXPECT_EQ(plan->manifests,
            (std::vector<std::string>{"requirements.txt", "requirements/base.txt", "c.txt"}));
}

TEST(PythonPlan, CopiesEverythingBeforeAnInstallThatNeedsIt) {
  const auto plan = detect(Tree::of({{"requirements.txt", "-e .\n"}, {"main.py", ""}}));
  ASSERT_TRUE(plan.has_value());
  EXPECT_TRUE(plan->manifests.empty());
}

TEST(PythonPlan, SaysWhichFileDecidesWhatIsInstalled) {
  const auto plan = detect(Tree::of(uv_project));
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->warnings,
            std::vector<std::string>{"uv decides what is installed; requirements.txt is ignored"});
}

TEST(PythonPlan, NeedsHeadersOnlyForPackagesWithoutAWheel) {
  const auto source = detect(Tree::of({{"requirements.txt", "psycopg2"}, {"main.py", ""}}));
  EXPECT_EQ(source->system_packages.run, std::vector<std::string>{"libpq5"});
  const auto binary = detect(Tree::of({{"requirements.txt", "psycopg2-binary"}, {"main.py", ""}}));
  EXPECT_TRUE(binary->system_packages.run.empty());
}

}  // namespace
}  // namespace temps::detect
