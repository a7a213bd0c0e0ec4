# The operator on a distribution's base, for people who have a container engine and a registry; from the top of a checkout:
#   docker build --file images/operator.Dockerfile --tag REGISTRY/pipelinejob/operator:0.1.0 .
# What is inside, and where, is the same as in the image that `make images` makes from scratch.
FROM eclipse-temurin:25-jdk-noble AS build
RUN apt-get update && apt-get install --yes --no-install-recommends libgomp1 make maven && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN make build && images/layout.sh

# The same distribution as above: the Java runtime and libtorch were linked against its libraries.
FROM ubuntu:24.04
COPY --from=build /source/target/images/layers/system/opt /opt
COPY --from=build /source/target/images/layers/operator-libraries/opt /opt
COPY --from=build /source/target/images/layers/operator-program/opt /opt
ENV LANG=C.UTF-8
USER 65532:65532
ENTRYPOINT ["/opt/pipelinejob/runtime/bin/java", "@/opt/pipelinejob/operator.arguments", "dev.pipelinejob.operator.cli.Main"]
CMD ["controller"]
