package dev.pipelinejob.e2e.cluster;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How often the API server was asked to change something, by verb and resource.
///
/// @param counts since it started, such as `POST pods/binding`
record ApiWrites(SortedMap<String, Long> counts) {
    private static final Pattern SAMPLE = Pattern.compile("apiserver_request_total\\{([^}]*)} (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    static ApiWrites now(Kubectl kubectl) throws Exception {
        SortedMap<String, Long> counts = new TreeMap<>();
        kubectl.run("get", "--raw", "/metrics").lines().forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches()) {
                Map<String, String> labels = new TreeMap<>();
                LABEL.matcher(sample.group(1)).results().forEach(each -> labels.put(each.group(1), each.group(2)));
                String verb = labels.getOrDefault("verb", "");
                if (!verb.equals("GET") && !verb.equals("LIST") && !verb.equals("WATCH")) {
                    String part = labels.getOrDefault("subresource", "");
                    String key = verb + " " + labels.getOrDefault("resource", "") + (part.isEmpty() ? "" : "/" + part);
                    counts.merge(key, (long) Double.parseDouble(sample.group(2)), Long::sum);
                }
            }
        });
        return new ApiWrites(counts);
    }

    /// What came after an earlier look; what did not grow is left out.
    ApiWrites since(ApiWrites before) {
        SortedMap<String, Long> grown = new TreeMap<>();
        counts.forEach((key, count) -> {
            long more = count - before.counts().getOrDefault(key, 0L);
            if (more > 0) {
                grown.put(key, more);
            }
        });
        return new ApiWrites(grown);
    }
}
