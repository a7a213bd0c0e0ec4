package dev.pipelinejob.e2e.chart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pipelinejob.controlplane.ApiClient;
import java.io.IOException;

/// What the API server would let a release's operator do.
record Access(ApiClient api, String operatorNamespace, String serviceAccount) {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    /// One request.
    ///
    /// @param group the resource's; empty = the core's
    /// @param resource in the plural, with a subresource after a slash
    /// @param name of one object; empty = any
    record Request(String verb, String group, String resource, String name) {
        static Request of(String verb, String group, String resource) {
            return new Request(verb, group, resource, "");
        }
    }

    /// @param namespace where; empty = in all of them, or in none
    boolean allows(Request request, String namespace) throws IOException, InterruptedException {
        String[] resource = request.resource().split("/", 2);
        ApiClient.Answer answer = api.create("/apis/authorization.k8s.io/v1/subjectaccessreviews", """
                apiVersion: authorization.k8s.io/v1
                kind: SubjectAccessReview
                spec:
                  user: system:serviceaccount:%s:%s
                  groups: ["system:serviceaccounts", "system:authenticated"]
                  resourceAttributes:
                    {verb: "%s", group: "%s", resource: "%s", subresource: "%s", name: "%s", namespace: "%s"}
                """.formatted(
                        operatorNamespace,
                        serviceAccount,
                        request.verb(),
                        request.group(),
                        resource[0],
                        resource.length > 1 ? resource[1] : "",
                        request.name(),
                        namespace));
        if (!answer.isSuccess()) {
            throw new AssertionError("The API server does not answer: " + answer.body());
        }
        return JSON.readTree(answer.body()).at("/status/allowed").asBoolean();
    }
}
