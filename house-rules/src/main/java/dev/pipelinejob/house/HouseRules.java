package dev.pipelinejob.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The rules that hold in every module, and the layer table as a rule.
public final class HouseRules {
    private static final String ROOT = "dev.pipelinejob";

    private HouseRules() {}

    /// The production classes under one root package of ours.
    ///
    /// @throws IllegalStateException when there are none: a rule over nothing would pass without saying anything
    public static JavaClasses productionClasses(String rootPackage) {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
                .importPackages(rootPackage);
        if (classes.isEmpty()) {
            throw new IllegalStateException("No class found under " + rootPackage + ": compile the module first.");
        }
        return classes;
    }

    /// No cycle between the direct sub-packages of `rootPackage`.
    public static ArchRule noCycles(String rootPackage) {
        return slices().matching(rootPackage + ".(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true);
    }

    /// A class is named after its idea: these endings say that the idea was not found.
    public static ArchRule honestNames() {
        return noClasses()
                .should()
                .haveNameMatching(".*\\.(\\w*(Util|Utils|Helper|Helpers|Manager|Base|Impl))(\\$.*)?")
                .because("a name says what a thing is; Util, Helper, Manager, Base and Impl do not");
    }

    /// The clock and the environment come in through constructors, so only the wiring may ask for them.
    ///
    /// @param wiring packages that wire a process together, such as `dev.pipelinejob.operator.cli`
    public static ArchRule clockAndEnvironmentComeThroughConstructors(String... wiring) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(wiring)
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(System.class, "getenv")
                .because("a test must be able to set the time and the environment");
    }

    /// The layer table of one module: each package may import the listed packages of ours, itself, and `elsewhere`.
    ///
    /// @param rootPackage the module's root package
    /// @param layers package, relative to the root (`""` is the root itself), to the relative packages that it
    ///     may import; `"*"` allows all
    /// @param elsewhere packages of other modules that the module may use anywhere
    public static List<ArchRule> layers(String rootPackage, Map<String, List<String>> layers, List<String> elsewhere) {
        return layers.entrySet().stream()
                .filter(layer -> !layer.getValue().contains("*"))
                .map(layer -> layer(rootPackage, layer.getKey(), layer.getValue(), elsewhere))
                .toList();
    }

    private static ArchRule layer(String root, String name, List<String> mayImport, List<String> elsewhere) {
        String[] allowed = Stream.of(
                        Stream.of(subtree(root, name)),
                        mayImport.stream().map(other -> subtree(root, other)),
                        elsewhere.stream())
                .flatMap(packages -> packages)
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(subtree(root, name))
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage(ROOT + "..")
                        .and(JavaClass.Predicates.resideOutsideOfPackages(allowed)))
                .allowEmptyShould(true)
                .because("imports go one way: " + name + " may import " + mayImport);
    }

    private static String subtree(String root, String name) {
        return name.isEmpty() ? root : root + "." + name + "..";
    }

    /// Every package of ours is in the layer table: a new package is a decision, not an accident.
    public static void requireEveryPackageListed(JavaClasses classes, String root, Map<String, List<String>> layers) {
        List<String> unlisted = classes.stream()
                .map(type -> type.getPackageName())
                .distinct()
                .filter(name -> layers.keySet().stream().noneMatch(layer -> covers(root, layer, name)))
                .sorted()
                .toList();
        if (!unlisted.isEmpty()) {
            throw new AssertionError("Packages missing from the layer table: " + unlisted);
        }
    }

    private static boolean covers(String root, String layer, String packageName) {
        String full = layer.isEmpty() ? root : root + "." + layer;
        return packageName.equals(full) || (!layer.isEmpty() && packageName.startsWith(full + "."));
    }
}
