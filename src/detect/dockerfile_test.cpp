#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "detect/fixture.hpp"

namespace temps::detect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string dockerfile(const Files& files, const BaseImages& images = {},
                       const DockerfileOptions& options = {}, const Settings& settings = {}) {
  const auto plan = detect(Tree::of(files), settings);
  if (!plan) return std::string(plan.error().detail());
  return write_dockerfile(*plan, images, options);
}

const Files vite_site{
    {"package.json", R"({"devDependencies":{"vite":"^6"},"scripts":{"build":"vite build"}})"},
    {"package-lock.json", "{}"}};

TEST(Dockerfile, OfAnAppWithoutDependenciesHasOneStage) {
  EXPECT_EQ(dockerfile({{"package.json", R"({"scripts":{"start":"node server.js"}})"}}),
            R"(# Node.js. Written by Temps; keep it as Dockerfile in the repository to change it.
# HTTP_PROXY, HTTPS_PROXY and NO_PROXY reach the steps as predefined build arguments.

FROM node:22-slim
WORKDIR /app
ENV HOST=0.0.0.0 \
    HOSTNAME=0.0.0.0 \
    NODE_ENV=production \
    PORT=3000
RUN useradd --create-home app && chown app:app /app
COPY --chown=app:app . .
USER app
EXPOSE 3000
CMD exec node server.js
)");
}

TEST(Dockerfile, OfASiteEndsWithTheStageThatHoldsIt) {
  EXPECT_EQ(
      dockerfile(vite_site),
      R"(# Node.js, vite, npm. Written by Temps; keep it as Dockerfile in the repository to change it.
# HTTP_PROXY, HTTPS_PROXY and NO_PROXY reach the steps as predefined build arguments.

# The site is in /app/dist.
FROM node:22-slim AS build
WORKDIR /app
ENV CI=true
ENV PATH=/app/node_modules/.bin:$PATH
# Dependencies first: these layers are used again until a manifest changes.
COPY package.json package-lock.json ./
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
RUN npm run build
)");
}

TEST(Dockerfile, OfANextAppPrunesAndCopiesPatchesFirst) {
  EXPECT_EQ(
      dockerfile(
          {{"package.json", R"({"dependencies":{"next":"15"},"devDependencies":{"typescript":"5"},)"
                            R"("scripts":{"build":"next build","start":"next start"}})"},
           {"pnpm-lock.yaml", "lockfileVersion: '9.0'\n"},
           {"patches/a.patch", ""}}),
      R"(# Node.js, next, pnpm. Written by Temps; keep it as Dockerfile in the repository to change it.
# HTTP_PROXY, HTTPS_PROXY and NO_PROXY reach the steps as predefined build arguments.

FROM node:22-slim AS build
WORKDIR /app
ENV CI=true \
    NEXT_TELEMETRY_DISABLED=1
RUN npm install --global pnpm@9
ENV PATH=/app/node_modules/.bin:$PATH
# Dependencies first: these layers are used again until a manifest changes.
COPY patches/ ./patches/
COPY package.json pnpm-lock.yaml ./
RUN pnpm install --frozen-lockfile --prefer-offline --prod=false
COPY . .
RUN pnpm run build
RUN pnpm prune --prod

# What runs.
FROM node:22-slim
WORKDIR /app
ENV HOST=0.0.0.0 \
    HOSTNAME=0.0.0.0 \
    NODE_ENV=production \
    PORT=3000
ENV PATH=/app/node_modules/.bin:$PATH
RUN useradd --create-home app && chown app:app /app
COPY --from=build --chown=app:app /app ./
USER app
EXPOSE 3000
CMD exec next start
)");
}

TEST(Dockerfile, OfDjangoBuildsTheFrontEndInAStageOfItsOwn) {
  EXPECT_EQ(
      dockerfile(
          {{"manage.py", ""},
           {"requirements.txt", "Django\npsycopg2\n-r req/base.txt\n"},
           {"req/base.txt", "gunicorn\n"},
           {"shop/settings.py",
            "WSGI_APPLICATION = 'shop.wsgi.application'\nSTATIC_ROOT = 'static'\n"
            "INSTALLED_APPS = ['django.contrib.staticfiles']\n"},
           {"package.json",
            R"({"devDependencies":{"tailwindcss":"3"},"scripts":{"build":"tailwindcss"}})"}}),
      R"(# Python, django, pip. Written by Temps; keep it as Dockerfile in the repository to change it.
# HTTP_PROXY, HTTPS_PROXY and NO_PROXY reach the steps as predefined build arguments.

# The front end.
FROM node:22-slim AS assets
WORKDIR /app
ENV CI=true
ENV PATH=/app/node_modules/.bin:$PATH
# Dependencies first: these layers are used again until a manifest changes.
COPY package.json ./
RUN npm install --include=dev --no-audit --no-fund
COPY . .
RUN npm run build
RUN rm -rf node_modules

FROM python:3.13-slim AS build
WORKDIR /app
ENV CI=true \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc libc6-dev libpq-dev \
 && rm -rf /var/lib/apt/lists/*
ENV PATH=/app/.venv/bin:$PATH
# Dependencies first: these layers are used again until a manifest changes.
COPY requirements.txt ./
COPY req/base.txt ./req/
RUN python3 -m venv .venv
RUN pip install -r requirements.txt
COPY . .
COPY --from=assets /app ./
RUN SECRET_KEY=${SECRET_KEY:-only-for-the-build} python manage.py collectstatic --noinput

# What runs.
FROM python:3.13-slim
WORKDIR /app
ENV HOST=0.0.0.0 \
    PORT=8000 \
    PYTHONUNBUFFERED=1
ENV PATH=/app/.venv/bin:$PATH
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpq5 \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home app && chown app:app /app
COPY --from=build --chown=app:app /app ./
USER app
EXPOSE 8000
CMD exec gunicorn --bind $HOST:$PORT shop.wsgi:application
)");
}

TEST(Dockerfile, DeclaresBuildVariablesBeforeTheInstall) {
  const auto text =
      dockerfile(vite_site, {}, {.build_variables = {"VITE_API", "no name", "A\nRUN x"}});
  EXPECT_THAT(text, HasSubstr("ARG VITE_API\n# Dependencies first"));
  EXPECT_THAT(text, Not(HasSubstr("no name")));
  EXPECT_THAT(text, Not(HasSubstr("RUN x")));
}

TEST(Dockerfile, KeepsCommandsInTheirLine) {
  const Files app{{"package.json", "{}"}};
  const auto text =
      dockerfile(app, {}, {},
                 {.build_command = "echo a\nUSER root", .start_command = "cat <<X | \"node\" \\"});
  EXPECT_THAT(text, HasSubstr(R"(RUN ["/bin/sh", "-c", "echo a\nUSER root"])"));
  EXPECT_THAT(text, HasSubstr(R"(CMD ["/bin/sh", "-c", "cat <<X | \"node\" \\"])"));
}

TEST(Dockerfile, HasNoExecBeforeShellSyntax) {
  const Files app{{"package.json", "{}"}};
  const auto with_start = [&app](const std::string& command) {
    return dockerfile(app, {}, {}, {.start_command = command});
  };
  EXPECT_THAT(with_start("a && b"), HasSubstr("\nCMD a && b\n"));
  EXPECT_THAT(with_start("A=1 b"), HasSubstr("\nCMD A=1 b\n"));
  EXPECT_THAT(with_start("cd x"), HasSubstr("\nCMD cd x\n"));
  EXPECT_THAT(with_start("gunicorn \"shop:create_app()\""),
              HasSubstr("\nCMD exec gunicorn \"shop:create_app()\"\n"));
}

TEST(Dockerfile, KeepsTheToolThatStartsTheApp) {
  const auto text =
      dockerfile({{"package.json", R"({"scripts":{"start":"bun src/i.ts"}})"}, {"bun.lock", ""}});
  EXPECT_THAT(text, HasSubstr("RUN npm install --global bun@1\n"));
  EXPECT_THAT(text, HasSubstr("CMD exec bun src/i.ts\n"));
}

TEST(Dockerfile, InstallsPythonToolsBesideTheApp) {
  const auto text = dockerfile({{"uv.lock", ""},
                                {"pyproject.toml", "[project]\nname='a'\ndependencies=[]\n"},
                                {"main.py", ""}});
  EXPECT_THAT(text, HasSubstr("RUN python3 -m venv /opt/uv && /opt/uv/bin/pip install uv\n"
                              "ENV PATH=/opt/uv/bin:$PATH\n"));
}

TEST(BaseImage, IsNamedWithTheVersionOfThePlan) {
  const auto plan = detect(Tree::of({{"requirements.txt", "psycopg2"},
                                     {".python-version", "3.12"},
                                     {"main.py", ""},
                                     {"package.json", R"({"scripts":{"build":"x"}})"}}));
  ASSERT_TRUE(plan.has_value());
  EXPECT_THAT(base_images_of(*plan, {}), ElementsAre("python:3.12-slim", "node:22-slim"));
  EXPECT_THAT(base_images_of(*plan, BaseImages::local()),
              ElementsAre("temps-base/python:3.11", "temps-base/node:18"));
}

TEST(BaseImage, WarnsWhenItsVersionIsAnotherOne) {
  const auto warnings = [](const std::string& wanted) {
    const auto plan =
        detect(Tree::of({{"requirements.txt", ""}, {"main.py", ""}, {".python-version", wanted}}));
    return image_warnings(*plan, BaseImages::local());
  };
  EXPECT_THAT(warnings("3.12"), ElementsAre(".python-version asks for Python 3.12, but the base "
                                            "image is temps-base/python:3.11"));
  EXPECT_THAT(warnings("3.11.4"), ElementsAre());
  EXPECT_THAT(warnings(""), ElementsAre());
}

}  // namespace
}  // namespace temps::detect
