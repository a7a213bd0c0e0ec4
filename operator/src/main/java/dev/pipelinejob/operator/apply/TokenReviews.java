package dev.pipelinejob.operator.apply;

import dev.pipelinejob.api.ApiNames;
import dev.pipelinejob.operator.identity.TokenVerdict;
import dev.pipelinejob.operator.identity.TokenVerifier;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the API server whose token it is, and then whether the pod that it is bound to is a live worker of a job.
public final class TokenReviews implements TokenVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(TokenReviews.class);
    private static final String POD_NAME = "authentication.kubernetes.io/pod-name";
    private static final String POD_UID = "authentication.kubernetes.io/pod-uid";
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final int MAX_TOKEN_CHARACTERS = 16 * 1024;

    private final KubernetesClient client;

    public TokenReviews(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public TokenVerdict verify(String token) {
        if (token.length() > MAX_TOKEN_CHARACTERS) {
            return new TokenVerdict.Refused("The token is longer than " + MAX_TOKEN_CHARACTERS + " characters.");
        }
        try {
            return judge(review(token));
        } catch (KubernetesClientException e) {
            LOG.atWarn().addKeyValue("detail", e.getMessage()).log("A token could not be reviewed.");
            return new TokenVerdict.Refused("The API server could not review the token just now: try again.");
        }
    }

    private TokenReviewStatus review(String token) {
        TokenReview asked = new TokenReviewBuilder()
                .withNewSpec()
                .withToken(token)
                .withAudiences(ApiNames.GROUP)
                .endSpec()
                .build();
        TokenReview answer = client.resource(asked).create();
        return Objects.requireNonNullElseGet(answer.getStatus(), TokenReviewStatus::new);
    }

    private TokenVerdict judge(TokenReviewStatus review) {
        if (!Boolean.TRUE.equals(review.getAuthenticated())) {
            return new TokenVerdict.Refused("The API server does not know the token.");
        }
        if (!review.getAudiences().contains(ApiNames.GROUP)) {
            return new TokenVerdict.Refused(
                    "The token is for " + review.getAudiences() + " and not for " + ApiNames.GROUP + ".");
        }
        UserInfo user = review.getUser();
        String[] account = user.getUsername().startsWith(ACCOUNT)
                ? user.getUsername().substring(ACCOUNT.length()).split(":", -1)
                : new String[0];
        String podName = extra(user, POD_NAME);
        String podUid = extra(user, POD_UID);
        if (account.length != 2 || podName.isEmpty() || podUid.isEmpty()) {
            return new TokenVerdict.Refused("The token of " + user.getUsername() + " is bound to no pod.");
        }
        Pod pod = client.pods().inNamespace(account[0]).withName(podName).get();
        return PodIdentity.of(pod, account[0], podName, podUid);
    }

    private static String extra(UserInfo user, String key) {
        List<String> values = user.getExtra() == null ? null : user.getExtra().get(key);
        return values == null || values.isEmpty() ? "" : values.getFirst();
    }
}
