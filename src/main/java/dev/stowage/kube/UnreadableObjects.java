package dev.stowage.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.util.ClassUtil;
import dev.stowage.image.Printable;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads an object that does not fit its type as one that has nothing but its metadata, and names it once in the log: an exception
 * would end the list or the watch that it is part of.
 */
final class UnreadableObjects extends SimpleModule {

    private static final long serialVersionUID = 1L;

    UnreadableObjects() {
        setDeserializerModifier(new BeanDeserializerModifier() {
            private static final long serialVersionUID = 1L;

            @Override
            public JsonDeserializer<?> modifyDeserializer(
                    DeserializationConfig config, BeanDescription bean, JsonDeserializer<?> deserializer) {
                return HasMetadata.class.isAssignableFrom(bean.getBeanClass())
                        ? new Tolerant(deserializer)
                        : deserializer;
            }
        });
    }

    private static final class Tolerant extends DelegatingDeserializer {

        private static final long serialVersionUID = 1L;

        Tolerant(JsonDeserializer<?> deserializer) {
            super(deserializer);
        }

        @Override
        protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> deserializer) {
            return new Tolerant(deserializer);
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            ObjectEnd end = ObjectEnd.of(parser);
            try {
                return super.deserialize(parser, context);
            } catch (JsonMappingException e) {
                end.skipTo(parser);
                HasMetadata skeleton = (HasMetadata) ClassUtil.createInstance(_delegatee.handledType(), true);
                skeleton.setMetadata(metadata(e));
                log(skeleton, e);
                return skeleton;
            }
        }

        /** It comes before everything that can be odd. */
        private static ObjectMeta metadata(JsonMappingException e) {
            return e.getPath().stream()
                    .map(JsonMappingException.Reference::getFrom)
                    .filter(HasMetadata.class::isInstance)
                    .findFirst()
                    .flatMap(object -> Optional.ofNullable(((HasMetadata) object).getMetadata()))
                    .orElseGet(() -> {
                        ObjectMeta unknown = new ObjectMeta();
                        unknown.setName("");
                        return unknown;
                    });
        }

        private static void log(HasMetadata object, JsonMappingException e) {
            String field = e.getPath().stream()
                    .map(step -> step.getFieldName() == null ? "[]" : step.getFieldName())
                    .collect(Collectors.joining("."));
            OddObjects.report(
                    object.getKind(),
                    object.getMetadata(),
                    "cannot be read and is left out: " + Printable.of(field) + " has a value of the wrong type");
        }
    }
}
