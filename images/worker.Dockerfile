# The worker on a distribution's base, for people who have a container engine and a registry; from the top of a checkout:
#   docker build --file images/worker.Dockerfile --tag REGISTRY/pipelinejob/worker:0.1.0 .
# What is inside, and where, is the same as in the image that `make images` makes from scratch.
FROM eclipse-temurin:25-jdk-noble AS build
RUN apt-get update && apt-get install --yes --no-install-recommends libgomp1 make maven && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN make build && images/layout.sh

# The same distribution as above: the Java runtime and libtorch were linked against its libraries.
FROM ubuntu:24.04
RUN apt-get update && apt-get install --yes --no-install-recommends libgomp1 libstdc++6 && rm -rf /var/lib/apt/lists/*
COPY --from=build /source/target/images/layers/system/opt /opt
COPY --from=build /source/target/images/layers/worker-torch/opt /opt
COPY --from=build /source/target/images/layers/worker-libraries/opt /opt
COPY --from=build /source/target/images/layers/worker-program/opt /opt
ENV LANG=C.UTF-8
USER 65532:65532
ENTRYPOINT ["/opt/pipelinejob/runtime/bin/java", "@/opt/pipelinejob/worker.arguments", "dev.pipelinejob.worker.Main"]
CMD ["supervisor"]
