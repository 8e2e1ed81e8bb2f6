package dev.stowage.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.WatchEvent;
import java.io.IOException;
import java.util.Set;

/**
 * Reads the event of a watch on {@link GenericKubernetesResource}s, its object directly from the text. fabric8 makes a tree of the
 * object first, which for some objects takes many times the memory of their text.
 */
final class WatchEventReader extends StdDeserializer<WatchEvent> {

    private static final long serialVersionUID = 1L;

    /** The others are errors, whose object is a {@code Status}. */
    private static final Set<String> WITH_OBJECT = Set.of("ADDED", "MODIFIED", "DELETED", "BOOKMARK");

    private WatchEventReader() {
        super(WatchEvent.class);
    }

    static Module module() {
        return new SimpleModule(WatchEventReader.class.getName())
                .addDeserializer(WatchEvent.class, new WatchEventReader());
    }

    @Override
    public WatchEvent deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        WatchEvent event = new WatchEvent();
        for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            if (field.equals("type") && value == JsonToken.VALUE_STRING) {
                event.setType(parser.getText());
            } else if (field.equals("object") && value == JsonToken.START_OBJECT) {
                event.setObject(context.readValue(parser, type(event)));
            } else {
                parser.skipChildren();
            }
        }
        return event;
    }

    /** API servers send an event's type before its object. */
    private static Class<? extends KubernetesResource> type(WatchEvent event) {
        return event.getType() != null && WITH_OBJECT.contains(event.getType())
                ? GenericKubernetesResource.class
                : KubernetesResource.class;
    }
}
