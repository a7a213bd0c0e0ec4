package dev.pipelinejob.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The CEL rules of one definition: holds a value, and a change from an older value, against them.
final class RuleCheck {
    private static final String SELF = "self";
    private static final String OLD_SELF = "oldSelf";
    private static final Pattern NAMES_OLD_SELF = Pattern.compile("\\boldSelf\\b");
    private static final Pattern PLACEHOLDER = Pattern.compile("%[ds]");
    private static final ListType LIST = ListType.create(SimpleType.DYN);
    /// Kubernetes' CEL has two functions that the standard has not: sum and format.
    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar(SELF, SimpleType.DYN)
            .addVar(OLD_SELF, SimpleType.DYN)
            .addFunctionDeclarations(
                    CelFunctionDecl.newFunctionDeclaration(
                            "sum", CelOverloadDecl.newMemberOverload("list_sum", SimpleType.INT, LIST)),
                    CelFunctionDecl.newFunctionDeclaration(
                            "format",
                            CelOverloadDecl.newMemberOverload(
                                    "string_format", SimpleType.STRING, SimpleType.STRING, LIST)))
            .build();
    private static final CelRuntime RUNTIME = CelRuntimeFactory.standardCelRuntimeBuilder()
            .addFunctionBindings(
                    CelFunctionBinding.from("list_sum", List.class, RuleCheck::sum),
                    CelFunctionBinding.from("string_format", String.class, List.class, RuleCheck::format))
            .build();

    /// A rule, ready to run.
    private record Rule(
            boolean onChange, CelRuntime.Program holds, CelRuntime.@Nullable Program says, String text, String field) {}

    /// The rules at one place of the schema, and the places below it.
    private record Place(
            List<Rule> rules,
            Map<String, Place> members,
            @Nullable Place items) {}

    private final Place root;

    /// Compiles all rules of a schema.
    RuleCheck(JsonNode schema) {
        root = place(schema);
    }

    /// What breaks a rule.
    ///
    /// @param before what the value was, or null when the resource is new
    /// @param sound whether the value passed the schema's own checks, so that every rule can be worked out
    List<Finding> check(JsonNode value, @Nullable JsonNode before, boolean sound) {
        List<Finding> findings = new ArrayList<>();
        visit(root, value, before, "", sound, findings);
        return List.copyOf(findings);
    }

    private static void visit(
            Place place,
            JsonNode value,
            @Nullable JsonNode before,
            String path,
            boolean sound,
            List<Finding> findings) {
        for (Rule rule : place.rules()) {
            if (!rule.onChange() || before != null) {
                judge(rule, value, before, path, sound, findings);
            }
        }
        place.members().forEach((name, member) -> {
            if (value.has(name)) {
                JsonNode old = before == null ? null : before.get(name);
                visit(member, value.path(name), old, Values.join(path, name), sound, findings);
            }
        });
        if (place.items() != null) {
            for (int i = 0; i < value.size(); i++) {
                visit(place.items(), value.path(i), null, path + "[" + i + "]", sound, findings);
            }
        }
    }

    private static void judge(
            Rule rule, JsonNode value, @Nullable JsonNode before, String path, boolean sound, List<Finding> findings) {
        Map<String, Object> variables = new HashMap<>();
        variables.put(SELF, Values.cel(value));
        if (before != null) {
            variables.put(OLD_SELF, Values.cel(before));
        }
        try {
            if (!Boolean.TRUE.equals(rule.holds().eval(variables))) {
                String text =
                        rule.says() == null ? rule.text() : (String) rule.says().eval(variables);
                findings.add(Finding.harmless(rule.field().isEmpty() ? path : Values.join(path, rule.field()), text));
            }
        } catch (CelEvaluationException e) {
            if (sound) {
                throw new IllegalStateException("A rule at " + path + " cannot be worked out: " + rule.text(), e);
            }
        }
    }

    private static Place place(JsonNode schema) {
        List<Rule> rules = new ArrayList<>();
        schema.path("x-kubernetes-validations").forEach(rule -> rules.add(rule(rule)));
        Map<String, Place> members = new LinkedHashMap<>();
        schema.path("properties")
                .properties()
                .forEach(member -> members.put(member.getKey(), place(member.getValue())));
        JsonNode items = schema.path("items");
        return new Place(List.copyOf(rules), members, items.isMissingNode() ? null : place(items));
    }

    private static Rule rule(JsonNode rule) {
        String condition = rule.path("rule").asText();
        String expression = rule.path("messageExpression").asText();
        return new Rule(
                NAMES_OLD_SELF.matcher(condition).find(),
                program(condition),
                expression.isEmpty() ? null : program(expression),
                rule.path("message").asText(condition),
                rule.path("fieldPath").asText().replaceFirst("^[.]", ""));
    }

    private static CelRuntime.Program program(String expression) {
        try {
            CelAbstractSyntaxTree tree = COMPILER.compile(expression).getAst();
            return RUNTIME.createProgram(tree);
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalStateException("The definition holds a rule that is not CEL: " + expression, e);
        }
    }

    private static long sum(List<?> numbers) {
        return numbers.stream()
                .mapToLong(number -> ((Number) number).longValue())
                .sum();
    }

    private static String format(String template, List<?> values) {
        Iterator<?> next = values.iterator();
        return PLACEHOLDER.matcher(template).replaceAll(_ -> Matcher.quoteReplacement(String.valueOf(next.next())));
    }
}
