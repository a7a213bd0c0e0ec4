package dev.pipelinejob.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The rules of the house as test cases over one module; a module's `ArchitectureTest` brings its layer table.
public abstract class ModuleArchitecture {
    private final String root;
    private final Map<String, List<String>> layers;
    private final List<String> elsewhere;
    private final String[] wiring;

    /// The production classes of the module, for rules of its own.
    protected final JavaClasses classes;

    /// @param root the module's root package
    /// @param layers which packages (below the root, `""` the root itself) each package may import; `"*"` is all
    /// @param elsewhere packages of other modules that every layer may import
    /// @param wiring packages that may ask for the clock and the environment
    protected ModuleArchitecture(
            String root, Map<String, List<String>> layers, List<String> elsewhere, String... wiring) {
        this.root = root;
        this.layers = layers;
        this.elsewhere = elsewhere;
        this.wiring = wiring;
        this.classes = HouseRules.productionClasses(root);
    }

    @Test
    final void importsGoOneWay() {
        HouseRules.layers(root, layers, elsewhere).forEach(rule -> rule.check(classes));
        HouseRules.requireEveryPackageListed(classes, root, layers);
    }

    @Test
    final void packagesFormNoCycle() {
        HouseRules.noCycles(root).check(classes);
    }

    @Test
    final void namesAreHonest() {
        HouseRules.honestNames().check(classes);
    }

    @Test
    final void clockAndEnvironmentComeThroughConstructors() {
        HouseRules.clockAndEnvironmentComeThroughConstructors(wiring).check(classes);
    }
}
