/* Names of fields and oddities: see conversation.h. */
#include "queries/logs/conversation.h"

const char *const conversation_field_names[FIELD_COUNT] = {
    [FIELD_MODEL] = "model",
    [FIELD_COUNTRY] = "country",
    [FIELD_LANGUAGE] = "language",
    [FIELD_ACCOUNT] = "account",
};

const struct oddity_type conversation_oddities[ODDITY_COUNT] = {
    [ODDITY_ABANDONED_TURN] = {"abandoned_turns", "turns on abandoned branches"},
    [ODDITY_NULL_MESSAGE] = {"null_messages", "messages without any content"},
    [ODDITY_NONTEXT_PART] = {"nontext_parts", "images, files and other parts without text"},
    [ODDITY_TOOL_CALL] = {"tool_calls", "calls of tools"},
    [ODDITY_REPAIRED_SURROGATE] = {"repaired_surrogates", "lone surrogates read as U+FFFD"},
    [ODDITY_UNKNOWN_ROLE] = {"unknown_roles", "messages of an unknown role, read as tool turns"},
    [ODDITY_BAD_TIME] = {"bad_times", "times that could not be read"},
};
