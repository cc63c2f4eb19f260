/* The first words of the blocks of a page, numbered: the compiled form of _Words in declutter/features/tokens.py. */
#include "split.h"

#include <string.h>

/* A growing array of int64. */
typedef struct {
    int64_t *data;
    Py_ssize_t length;
    Py_ssize_t room;
} Longs;

typedef struct {
    PyObject_HEAD
    WordTable table; /* the words of the blocks, and behind them those of other texts that were asked for */
    Longs numbers;   /* word by word */
    Longs counts;    /* of words, block by block */
    PyObject *vocabulary; /* tuple of the words of the blocks */
    PyObject *splitter;
    Characters word;
} Words;

static int
longs_add(Longs *longs, int64_t number)
{
    if (longs->length == longs->room) {
        const Py_ssize_t room = longs->room * 2 + 1024;
        int64_t *data = PyMem_Realloc(longs->data, (size_t)room * sizeof(int64_t));
        if (data == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        longs->data = data;
        longs->room = room;
    }
    longs->data[longs->length++] = number;
    return 0;
}

static PyObject *
longs_bytes(const Longs *longs)
{
    return PyByteArray_FromStringAndSize((const char *)longs->data, longs->length * (Py_ssize_t)sizeof(int64_t));
}

/* -- life ----------------------------------------------------------------------------------------------------- */

static int
words_traverse(PyObject *self, visitproc visit, void *arg)
{
    Words *words = (Words *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(words->vocabulary);
    Py_VISIT(words->splitter);
    return 0;
}

static void
words_dealloc(PyObject *self)
{
    Words *words = (Words *)self;
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_CLEAR(words->vocabulary);
    Py_CLEAR(words->splitter);
    wordtable_drop(&words->table);
    PyMem_Free(words->numbers.data);
    PyMem_Free(words->counts.data);
    PyMem_Free(words->word.data);
    type->tp_free(self);
    Py_DECREF(type);
}

/* Where the words of a text go. */
typedef struct {
    WordTable *table;
    Longs *numbers;
} Taker;

static int
take_word(void *given, const Py_UCS4 *word, Py_ssize_t length, uint64_t hash)
{
    const Taker *taker = given;
    const int32_t number = wordtable_number(taker->table, word, length, hash);
    return number < 0 ? -1 : longs_add(taker->numbers, number);
}

static int
read_blocks(Words *words, PyObject *texts, Py_ssize_t window)
{
    Taker taker = {.table = &words->table, .numbers = &words->numbers};
    for (Py_ssize_t block = 0; block < PyList_GET_SIZE(texts); block++) {
        const Py_ssize_t before = words->numbers.length;
        if (split_text(PyList_GET_ITEM(texts, block), window, words->table.secret, words->splitter, &words->word,
                       take_word, &taker) < 0 ||
            longs_add(&words->counts, words->numbers.length - before) < 0) {
            return -1;
        }
    }
    words->vocabulary = PyTuple_New(words->table.count);
    if (words->vocabulary == NULL) {
        return -1;
    }
    for (int32_t number = 0; number < words->table.count; number++) {
        const Entry *entry = &words->table.entries[number];
        PyObject *word = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, words->table.letters.data + entry->start,
                                                   entry->length);
        if (word == NULL) {
            return -1;
        }
        PyTuple_SET_ITEM(words->vocabulary, number, word);
    }
    return 0;
}

static PyObject *
words_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"texts", "window", "splitter", NULL};
    PyObject *texts, *splitter;
    Py_ssize_t window;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!nO", keywords, &PyList_Type, &texts, &window, &splitter)) {
        return NULL;
    }
    Words *words = (Words *)type->tp_alloc(type, 0); /* zeroed, so that it can be dropped half made */
    if (words == NULL) {
        return NULL;
    }
    words->splitter = Py_NewRef(splitter);
    if (wordtable_make(&words->table) < 0 || read_blocks(words, texts, window < 0 ? 0 : window) < 0) {
        Py_DECREF(words);
        return NULL;
    }
    return (PyObject *)words;
}

/* -- what it says --------------------------------------------------------------------------------------------- */

static PyObject *
words_columns(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    Words *words = (Words *)self;
    PyObject *numbers = longs_bytes(&words->numbers);
    PyObject *counts = numbers == NULL ? NULL : longs_bytes(&words->counts);
    PyObject *vocabulary = counts == NULL ? NULL : PySequence_List(words->vocabulary);
    PyObject *whole = vocabulary == NULL ? NULL : PyTuple_Pack(3, vocabulary, numbers, counts);
    Py_XDECREF(vocabulary);
    Py_XDECREF(numbers);
    Py_XDECREF(counts);
    return whole;
}

static PyObject *
words_of(PyObject *self, PyObject *text)
{
    Words *words = (Words *)self;
    Longs numbers = {NULL, 0, 0};
    Taker taker = {.table = &words->table, .numbers = &numbers};
    PyObject *bytes = NULL;
    if (split_text(text, PY_SSIZE_T_MAX, words->table.secret, words->splitter, &words->word, take_word, &taker) == 0) {
        bytes = longs_bytes(&numbers);
    }
    PyMem_Free(numbers.data);
    return bytes;
}

/* -- phrases -------------------------------------------------------------------------------------------------- */

/* Whether the words of a phrase behind its second are those from `at`; -1 with an exception. */
static int
goes_on(const Words *words, PyObject *rest, Py_ssize_t at, Py_ssize_t end)
{
    const Py_ssize_t length = PyTuple_GET_SIZE(rest);
    if (length > end - at) {
        return 0;
    }
    for (Py_ssize_t i = 0; i < length; i++) {
        PyObject *word = PyTuple_GET_ITEM(words->vocabulary, words->numbers.data[at + i]);
        const int differs = PyUnicode_Compare(word, PyTuple_GET_ITEM(rest, i));
        if (differs != 0) {
            return PyErr_Occurred() ? -1 : 0;
        }
    }
    return 1;
}

/* The bits of the first of these phrases that fits, and its length: see find_phrases in features/lexicon.
 * 0 for none, -1 with an exception. */
static Py_ssize_t
fitting(const Words *words, PyObject *phrases, Py_ssize_t at, Py_ssize_t end, long long *bits)
{
    if (!PyList_Check(phrases)) {
        PyErr_SetString(PyExc_TypeError, "the lexicon is not one of compile_lexicon");
        return -1;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(phrases); i++) {
        PyObject *phrase = PyList_GET_ITEM(phrases, i);
        if (!PyTuple_Check(phrase) || PyTuple_GET_SIZE(phrase) != 2 || !PyTuple_Check(PyTuple_GET_ITEM(phrase, 0))) {
            PyErr_SetString(PyExc_TypeError, "the lexicon is not one of compile_lexicon");
            return -1;
        }
        const int fits = goes_on(words, PyTuple_GET_ITEM(phrase, 0), at, end);
        if (fits < 0) {
            return -1;
        }
        if (fits) {
            *bits = PyLong_AsLongLong(PyTuple_GET_ITEM(phrase, 1));
            return *bits == -1 && PyErr_Occurred() ? -1 : 1 + PyTuple_GET_SIZE(PyTuple_GET_ITEM(phrase, 0));
        }
    }
    return 0;
}

/* The phrases that begin with a word: all by their second words, and those of the word alone. NULL for none. */
typedef struct {
    PyObject *nexts, *alone;
} Begun;

/* The number of words of the phrase that begins at a place, of which the first word is known; 0 for none. */
static Py_ssize_t
phrase_at(const Words *words, const Begun *begun, Py_ssize_t at, Py_ssize_t end, long long *bits)
{
    if (at + 1 < end) {
        PyObject *second = PyTuple_GET_ITEM(words->vocabulary, words->numbers.data[at + 1]);
        PyObject *longer = PyDict_GetItemWithError(begun->nexts, second);
        const Py_ssize_t size = longer == NULL ? 0 : fitting(words, longer, at + 2, end, bits);
        if (size != 0 || PyErr_Occurred()) {
            return size < 0 || PyErr_Occurred() ? -1 : size + 1;
        }
    }
    return begun->alone == NULL ? 0 : fitting(words, begun->alone, at, at, bits);
}

static int
count_phrases(const Words *words, const Begun *of_word, double *hits, Py_ssize_t width)
{
    Py_ssize_t end = 0;
    for (Py_ssize_t block = 0; block < words->counts.length; block++) {
        Py_ssize_t at = end;
        end += words->counts.data[block];
        while (at < end) {
            const Begun *begun = &of_word[words->numbers.data[at]];
            long long bits = 0;
            const Py_ssize_t size = begun->nexts == NULL ? 0 : phrase_at(words, begun, at, end, &bits);
            if (size < 0) {
                return -1;
            }
            for (Py_ssize_t label = 0; bits != 0 && label < width; label++) {
                if (bits >> label & 1) {
                    hits[block * width + label] += (double)size;
                }
            }
            at += size > 0 ? size : 1; /* phrases do not overlap */
        }
    }
    return 0;
}

static PyObject *
words_phrases(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Words *words = (Words *)self;
    Numbers hits;
    if (!arguments_are("phrases", count, 2)) {
        return NULL;
    }
    if (!PyList_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError, "phrases are a list, by the number of the word that they begin with");
        return NULL;
    }
    if (numbers_take(&hits, args[1], FLOATS, 8, 1) < 0) {
        return NULL;
    }
    const Py_ssize_t width = hits.view.ndim == 2 ? hits.view.shape[1] : 0;
    const Py_ssize_t known = PyTuple_GET_SIZE(words->vocabulary);
    Begun *of_word = PyMem_Calloc((size_t)known + 1, sizeof(Begun));
    PyObject *none = PyUnicode_FromStringAndSize(NULL, 0);
    int done = of_word == NULL || none == NULL ? -1 : 0;
    if (of_word == NULL) {
        PyErr_NoMemory();
    }
    if (done == 0 && (PyList_GET_SIZE(args[0]) != known || width > 62 || hits.length != words->counts.length * width)) {
        PyErr_SetString(PyExc_ValueError, "there must be phrases for each word, a row for each block and a column for each label");
        done = -1;
    }
    for (Py_ssize_t number = 0; done == 0 && number < known; number++) {
        PyObject *nexts = PyList_GET_ITEM(args[0], number);
        if (nexts == Py_None) {
            continue;
        }
        if (!PyDict_Check(nexts)) {
            PyErr_SetString(PyExc_TypeError, "the lexicon is not one of compile_lexicon");
            done = -1;
            break;
        }
        of_word[number] = (Begun){Py_NewRef(nexts), Py_XNewRef(PyDict_GetItemWithError(nexts, none))};
        done = of_word[number].alone == NULL && PyErr_Occurred() ? -1 : 0;
    }
    if (done == 0) {
        done = count_phrases(words, of_word, hits.view.buf, width);
    }
    for (Py_ssize_t number = 0; of_word != NULL && number < known; number++) {
        Py_XDECREF(of_word[number].nexts);
        Py_XDECREF(of_word[number].alone);
    }
    PyMem_Free(of_word);
    Py_XDECREF(none);
    numbers_drop(&hits);
    if (done < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* -- the type ------------------------------------------------------------------------------------------------- */

static PyMethodDef methods[] = {
    {"columns", words_columns, METH_NOARGS, "vocabulary, and the bytes of the int64 columns numbers and counts."},
    {"of", words_of, METH_O, "The bytes of the int64 numbers of the words of another text; new ones get new numbers."},
    {"phrases", FAST(words_phrases), METH_FASTCALL, "phrases(openings, hits): add the words of each block in phrases."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Words(texts, window, splitter): the words of the first `window` characters of each text, numbered."},
    {Py_tp_new, words_new},
    {Py_tp_dealloc, words_dealloc},
    {Py_tp_traverse, words_traverse},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "declutter._speedups.Words",
    .basicsize = sizeof(Words),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

int
add_words(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&spec);
    if (type == NULL) {
        return -1;
    }
    const int added = PyModule_AddObjectRef(module, "Words", type);
    Py_DECREF(type);
    return added;
}
