package dev.stowage.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** A short run of what {@code hack/fuzz} does for as long as one likes. */
class ParserFuzzTest {

    /** An input of a parser. */
    record Case(ParserTarget target, byte[] input) {
        @Override
        public String toString() {
            return target + ", " + input.length + " bytes";
        }
    }

    @Property(tries = 12_000, shrinking = ShrinkingMode.OFF)
    void anyInputEndsWithAResultOrADocumentedException(@ForAll("cases") Case each) {
        assertThat(BoundedParse.fault(each.target(), each.input())).isEmpty();
    }

    @Provide
    Arbitrary<Case> cases() {
        return Arbitraries.of(ParserTarget.class)
                .flatMap(target -> Arbitraries.randomValue(
                        random -> new Case(target, new Mutator(random, target.samples()).next())));
    }
}
