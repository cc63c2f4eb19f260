/* The phrases of the lexicons, arranged for matching: the compiled forms of _arranged in declutter/features/lexicon, and of
 * the search for the words that phrases begin with. */
#include "tags.h"

/* Where the next of these characters is before the end, or the end; -2 with an exception. */
static Py_ssize_t
next_of(PyObject *line, Py_UCS4 character, Py_ssize_t start, Py_ssize_t end)
{
    const Py_ssize_t place = PyUnicode_FindChar(line, character, start, end, 1);
    return place == -1 ? end : place;
}

/* The number that is written there; -1 with an exception. */
static long long
bits_of(PyObject *line, Py_ssize_t start, Py_ssize_t end)
{
    long long bits = 0;
    for (Py_ssize_t place = start; place < end; place++) {
        const int digit = Py_UNICODE_TODECIMAL(PyUnicode_READ_CHAR(line, place));
        if (digit < 0 || bits > INT32_MAX) {
            bits = -1;
            break;
        }
        bits = bits * 10 + digit;
    }
    if (bits < 0 || start == end) {
        PyErr_SetString(PyExc_ValueError, "a phrase begins with the bits of its labels");
        return -1;
    }
    return bits;
}

/* The words from a place on, as a tuple; NULL with an exception. */
static PyObject *
words_from(PyObject *line, Py_ssize_t start, Py_ssize_t end)
{
    Py_ssize_t count = start <= end;
    for (Py_ssize_t place = start; place < end; place++) {
        count += PyUnicode_READ_CHAR(line, place) == ' ';
    }
    PyObject *words = PyTuple_New(count);
    for (Py_ssize_t number = 0; words != NULL && number < count; number++) {
        const Py_ssize_t behind = next_of(line, ' ', start, end);
        PyObject *word = behind < 0 ? NULL : PyUnicode_Substring(line, start, behind);
        if (word == NULL) {
            Py_CLEAR(words);
            break;
        }
        PyTuple_SET_ITEM(words, number, word);
        start = behind + 1;
    }
    return words;
}

/* Put a phrase behind those of its second word that are not shorter. 0, or -1 with an exception. */
static int
put(PyObject *nexts, PyObject *second, PyObject *rest, long long bits)
{
    PyObject *fresh = PyList_New(0);
    PyObject *phrases = fresh == NULL ? NULL : PyDict_SetDefault(nexts, second, fresh);
    PyObject *phrase = phrases == NULL ? NULL : Py_BuildValue("(OL)", rest, bits);
    int done = -1;
    if (phrase != NULL) {
        Py_ssize_t place = PyList_GET_SIZE(phrases);
        while (place > 0 && PyTuple_GET_SIZE(PyTuple_GET_ITEM(PyList_GET_ITEM(phrases, place - 1), 0)) < PyTuple_GET_SIZE(rest)) {
            place--;
        }
        done = PyList_Insert(phrases, place, phrase);
    }
    Py_XDECREF(phrase);
    Py_XDECREF(fresh);
    return done;
}

/* Arrange the phrase that is written from start to end. 0, or -1 with an exception. */
static int
arrange_one(PyObject *line, PyObject *nexts, Py_ssize_t start, Py_ssize_t end)
{
    const Py_ssize_t first = next_of(line, ' ', start, end);
    const long long bits = first < 0 ? -1 : bits_of(line, start, first);
    const Py_ssize_t next = bits < 0 ? -2 : first < end ? next_of(line, ' ', first + 1, end) : end;
    if (next < 0) {
        return -1;
    }
    PyObject *second = PyUnicode_Substring(line, first < end ? first + 1 : end, next);
    PyObject *rest = second == NULL ? NULL : words_from(line, next + 1, end);
    const int done = rest == NULL ? -1 : put(nexts, second, rest, bits);
    Py_XDECREF(second);
    Py_XDECREF(rest);
    return done;
}

PyDoc_STRVAR(arranged_doc, "arranged(line): the phrases of a line by their second words, the longest first.");

static PyObject *
arranged(PyObject *Py_UNUSED(module), PyObject *line)
{
    if (!is_text(line)) {
        return NULL;
    }
    const Py_ssize_t length = PyUnicode_GET_LENGTH(line);
    PyObject *nexts = PyDict_New();
    for (Py_ssize_t start = 0; nexts != NULL && start <= length;) {
        const Py_ssize_t end = next_of(line, '\t', start, length);
        if (end < 0 || arrange_one(line, nexts, start, end) < 0) {
            Py_CLEAR(nexts);
        }
        start = end + 1;
    }
    return nexts;
}

/* -- words that phrases begin with --------------------------------------------------------------------------------- */

/* Most words of a page are told to begin no phrase by a bit for some of those that do, which stays in the cache of the processor;
 * of the others most were met on pages before, and lie in a place for each hash. The dicts are too large to be looked into often. */
enum { SIEVE = 1 << 18, PLACES = 1 << 13 };
typedef struct {
    Py_hash_t hash;
    PyObject *word, *nexts; /* nexts is borrowed, NULL for a word that begins no phrase */
} Met;

typedef struct {
    PyObject_HEAD
    PyObject *lines;    /* dict, as Phrases takes it */
    PyObject *arranged; /* dict, by word what is made of its line; nothing is ever taken from it */
    uint64_t sieve[SIEVE / 64];
    Met met[PLACES];
} Openings;

static int
openings_traverse(PyObject *self, visitproc visit, void *arg)
{
    Openings *openings = (Openings *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(openings->lines);
    Py_VISIT(openings->arranged);
    return 0;
}

static void
openings_dealloc(PyObject *self)
{
    Openings *openings = (Openings *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    for (size_t place = 0; place < PLACES; place++) {
        Py_CLEAR(openings->met[place].word);
    }
    Py_CLEAR(openings->lines);
    Py_CLEAR(openings->arranged);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *
openings_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"lines", NULL};
    PyObject *lines, *word, *line;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!", keywords, &PyDict_Type, &lines)) {
        return NULL;
    }
    Openings *openings = (Openings *)type->tp_alloc(type, 0); /* zeroed, so that it can be dropped half made */
    if (openings == NULL) {
        return NULL;
    }
    openings->lines = Py_NewRef(lines);
    openings->arranged = PyDict_New();
    int done = openings->arranged == NULL ? -1 : 0;
    Py_ssize_t place = 0;
    while (done == 0 && PyDict_Next(lines, &place, &word, &line)) {
        const Py_hash_t hash = PyObject_Hash(word);
        done = hash == -1 ? -1 : 0;
        openings->sieve[(size_t)hash % SIEVE / 64] |= (uint64_t)1 << ((size_t)hash % 64);
    }
    if (done < 0) {
        Py_DECREF(openings);
        return NULL;
    }
    return (PyObject *)openings;
}

/* What the phrases that begin with a word are arranged to, borrowed; NULL for none, or with an exception. */
static PyObject *
look_up(Openings *openings, PyObject *word)
{
    PyObject *known = PyDict_GetItemWithError(openings->arranged, word);
    PyObject *line = known != NULL || PyErr_Occurred() ? NULL : PyDict_GetItemWithError(openings->lines, word);
    if (line != NULL) {
        PyObject *fresh = arranged(NULL, line);
        known = fresh == NULL ? NULL : PyDict_SetDefault(openings->arranged, word, fresh);
        Py_XDECREF(fresh);
    }
    return known;
}

static PyObject *
openings_of(PyObject *self, PyObject *words)
{
    Openings *openings = (Openings *)self;
    if (!PyList_Check(words)) {
        PyErr_SetString(PyExc_TypeError, "words are a list");
        return NULL;
    }
    const Py_ssize_t count = PyList_GET_SIZE(words);
    PyObject *found = PyList_New(count);
    for (Py_ssize_t number = 0; found != NULL && number < count; number++) {
        PyObject *word = PyList_GET_ITEM(words, number);
        const Py_hash_t hash = is_text(word) ? PyObject_Hash(word) : -1;
        if (hash == -1) {
            Py_CLEAR(found);
            break;
        }
        PyObject *nexts = NULL;
        if (openings->sieve[(size_t)hash % SIEVE / 64] >> ((size_t)hash % 64) & 1) {
            Met *met = &openings->met[(size_t)hash % PLACES];
            if (met->word == NULL || met->hash != hash || !same_text(met->word, word)) {
                nexts = look_up(openings, word);
                if (nexts == NULL && PyErr_Occurred()) {
                    Py_CLEAR(found);
                    break;
                }
                met->hash = hash;
                met->nexts = nexts;
                Py_XSETREF(met->word, Py_NewRef(word));
            }
            nexts = met->nexts;
        }
        PyList_SET_ITEM(found, number, Py_NewRef(nexts == NULL ? Py_None : nexts));
    }
    return found;
}

static PyMethodDef methods[] = {
    {"of", openings_of, METH_O, "of(words): for each word what `arranged` makes of its line, None for one without."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Openings(lines): the words that phrases begin with, each with the line of its phrases; lines do not change."},
    {Py_tp_new, openings_new},
    {Py_tp_dealloc, openings_dealloc},
    {Py_tp_traverse, openings_traverse},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "declutter._speedups.Openings",
    .basicsize = sizeof(Openings),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

static PyMethodDef functions[] = {
    {"arranged", arranged, METH_O, arranged_doc},
    {NULL, NULL, 0, NULL},
};

int
add_lexicon(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&spec);
    const int added = type == NULL ? -1 : PyModule_AddObjectRef(module, "Openings", type);
    Py_XDECREF(type);
    return added < 0 ? -1 : PyModule_AddFunctions(module, functions);
}
