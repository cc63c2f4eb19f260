/* Sources that go to the parser as they are: what declutter/document/parser_input.py asks before it looks at single tags. */
#include "speedups.h"

/* Whether a surrogate is among the characters, or "wrootm" in any case, which is in "shadowrootmode"; "rootMargin" is in
 * the scripts of every tenth page. Without a branch in the inner loop, so that compilers make many comparisons at once; what
 * is false mostly is asked for once a block. */
#define DEFINE_IS_STRANGE(NAME, CHARACTER)                                                                             \
    CLONED static int NAME(const CHARACTER *text, Py_ssize_t length)                                                          \
    {                                                                                                                  \
        enum { BLOCK = 1024 };                                                                                         \
        for (Py_ssize_t start = 0; start < length; start += BLOCK) {                                                   \
            const Py_ssize_t size = length - start < BLOCK ? length - start : BLOCK;                                   \
            const Py_ssize_t whole = length - start - 5 < size ? length - start - 5 : size;                            \
            const CHARACTER *block = text + start;                                                                     \
            CHARACTER strange = 0;                                                                                     \
            for (Py_ssize_t i = 0; sizeof(CHARACTER) > 1 && i < size; i++) {                                           \
                strange |= (CHARACTER)((block[i] & (CHARACTER)0xFFFFF800) == (CHARACTER)0xD800);                       \
            }                                                                                                          \
            for (Py_ssize_t i = 0; i < whole; i++) {                                                                   \
                strange |= (CHARACTER)(((block[i] | 0x20) == 'w') & ((block[i + 1] | 0x20) == 'r') &                   \
                                       ((block[i + 2] | 0x20) == 'o') & ((block[i + 3] | 0x20) == 'o') &               \
                                       ((block[i + 4] | 0x20) == 't') & ((block[i + 5] | 0x20) == 'm'));               \
            }                                                                                                          \
            if (strange) {                                                                                             \
                return 1;                                                                                              \
            }                                                                                                          \
        }                                                                                                              \
        return 0;                                                                                                      \
    }

DEFINE_IS_STRANGE(is_strange_1, Py_UCS1)
DEFINE_IS_STRANGE(is_strange_2, Py_UCS2)
DEFINE_IS_STRANGE(is_strange_4, Py_UCS4)

/* What declutter/document/parser_input.py says: _FEW_MERGED; _MOST_REOPENED, _DEPTH and _ALIKE; _FORMATTING. */
enum { FEW_MERGED = 8, MOST_REOPENED = 2000000, DEPTH = 512, ALIKE = 3 };
static const char *const MERGED[] = {"body", "html", NULL};
static const char *const FORMATTING[] = {"b",  "big",   "code",   "em",     "font", "i", "s",
                                         "tt", "small", "strike", "strong", "u",    NULL};

static int
may_begin(Py_UCS4 letter)
{
    return letter == 'b' || letter == 'c' || letter == 'e' || letter == 'f' || letter == 'h' || letter == 'i' ||
           letter == 's' || letter == 't' || letter == 'u';
}

/* The length of the one of these names of tags that stands there, 0 for none; what else the tag is does not count. */
static Py_ssize_t
name_at(PyObject *source, Py_ssize_t place, const char *const *names)
{
    const Py_ssize_t length = PyUnicode_GET_LENGTH(source);
    for (; *names != NULL; names++) {
        const char *name = *names;
        Py_ssize_t next = place;
        while (*name != '\0' && next < length && (PyUnicode_READ_CHAR(source, next) | 0x20) == (Py_UCS4)*name) {
            name++;
            next++;
        }
        if (*name == '\0' && (next == length || !Py_UNICODE_ISALNUM(PyUnicode_READ_CHAR(source, next)))) {
            return next - place;
        }
    }
    return 0;
}

/* What stands at a place, 0 behind the end: a NUL there is no different from an end for what is looked for. */
static inline Py_UCS4
character_at(PyObject *source, Py_ssize_t place)
{
    return place < PyUnicode_GET_LENGTH(source) ? PyUnicode_READ_CHAR(source, place) : 0;
}

/* The place behind a start tag from the end of its name on, of the plainest kind alone: <i class="a b">; else -1. */
static Py_ssize_t
behind_tag(PyObject *source, Py_ssize_t place)
{
    for (;;) {
        const Py_ssize_t start = place;
        while (character_at(source, place) == ' ') {
            place++;
        }
        if (character_at(source, place) == '>') {
            return place + 1;
        }
        const Py_ssize_t name = place;
        while ((character_at(source, place) | 0x20) >= 'a' && (character_at(source, place) | 0x20) <= 'z') {
            place++;
        }
        if (start == name || name == place || character_at(source, place) != '=' || character_at(source, place + 1) != '"') {
            return -1;
        }
        for (place += 2; character_at(source, place) != '"'; place++) {
            if (character_at(source, place) == '<' || place >= PyUnicode_GET_LENGTH(source)) {
                return -1;
            }
        }
        place++;
    }
}

/* Whether the element that begins with a name holds no tag, and is closed: _FORMATTING_TAG says so surely. */
static int
is_closed(PyObject *source, Py_ssize_t name, Py_ssize_t size)
{
    const Py_ssize_t length = PyUnicode_GET_LENGTH(source), behind = behind_tag(source, name + size);
    const Py_ssize_t next = behind < 0 ? -1 : PyUnicode_FindChar(source, '<', behind, length, 1);
    if (next < 0 || character_at(source, next + 1) != '/' || character_at(source, next + 2 + size) != '>') {
        return 0;
    }
    for (Py_ssize_t i = 0; i < size; i++) {
        if ((character_at(source, name + i) | 0x20) != (character_at(source, next + 2 + i) | 0x20)) {
            return 0;
        }
    }
    return 1;
}

/* Whether there are so many tags that parser_input looks at them one by one; -1 with an exception. */
static int
has_many_tags(PyObject *source)
{
    const Py_ssize_t length = PyUnicode_GET_LENGTH(source);
    Py_ssize_t tags = 0, merged = 0, formatting = 0, place = -1;
    while ((place = PyUnicode_FindChar(source, '<', place + 1, length, 1)) >= 0) {
        tags++;
        if (place + 1 >= length || !may_begin(PyUnicode_READ_CHAR(source, place + 1) | 0x20)) {
            continue;
        }
        const Py_ssize_t size = name_at(source, place + 1, FORMATTING);
        merged += name_at(source, place + 1, MERGED) > 0;
        formatting += size > 0 && !is_closed(source, place + 1, size);
    }
    return place < -1 ? -1
                      : merged > FEW_MERGED ||
                            (DEPTH * tags > MOST_REOPENED && ALIKE * formatting > MOST_REOPENED / tags);
}

static int
is_strange(PyObject *source)
{
    const Py_ssize_t length = PyUnicode_GET_LENGTH(source);
    switch (PyUnicode_KIND(source)) {
    case PyUnicode_1BYTE_KIND:
        return is_strange_1(PyUnicode_1BYTE_DATA(source), length);
    case PyUnicode_2BYTE_KIND:
        return is_strange_2(PyUnicode_2BYTE_DATA(source), length);
    default:
        return is_strange_4(PyUnicode_4BYTE_DATA(source), length);
    }
}

PyDoc_STRVAR(look_at_doc, "look_at(source): what parser_input might change of it: 0 nothing, 1 certain tags, 2 anything.");

static PyObject *
look_at(PyObject *Py_UNUSED(module), PyObject *source)
{
    if (!is_text(source)) {
        return NULL;
    }
    const int many = is_strange(source) ? 2 : has_many_tags(source);
    return many < 0 ? NULL : PyLong_FromLong(many);
}

static PyMethodDef functions[] = {
    {"look_at", look_at, METH_O, look_at_doc},
    {NULL, NULL, 0, NULL},
};

int
add_source(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
