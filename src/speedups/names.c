/* Words of class names and of addresses, and what they say: the compiled forms of name_marks in
 * declutter/features/names.py and of the search of an address in declutter/features/controls.py. */
#include "wordtable.h"

#include <string.h>

/* Longer words are in no list; what is written of names and addresses is cut at this length anyway. */
enum { LONGEST = 64 };

typedef struct {
    PyObject_HEAD
    WordTable table;
    int64_t *bits; /* by number of the word */
} WordBits;

static void
bits_dealloc(PyObject *self)
{
    WordBits *words = (WordBits *)self;
    PyTypeObject *type = Py_TYPE(self);
    wordtable_drop(&words->table);
    PyMem_Free(words->bits);
    type->tp_free(self);
    Py_DECREF(type);
}

static int
read_bits(WordBits *words, PyObject *of_word, Characters *letters)
{
    words->bits = PyMem_Calloc((size_t)PyDict_Size(of_word) + 1, sizeof(int64_t));
    if (words->bits == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    Py_ssize_t place = 0;
    PyObject *word, *number;
    while (PyDict_Next(of_word, &place, &word, &number)) {
        letters->length = 0;
        const int64_t bits = PyLong_AsLongLong(number);
        if ((bits == -1 && PyErr_Occurred()) || characters_add(letters, word) < 0) {
            return -1;
        }
        if (letters->length == 0 || letters->length > LONGEST || !PyUnicode_IS_ASCII(word)) {
            PyErr_Format(PyExc_ValueError, "%R is no word of names", word);
            return -1;
        }
        uint64_t hash = words->table.secret;
        for (Py_ssize_t i = 0; i < letters->length; i++) {
            hash = hash_with(hash, letters->data[i], words->table.secret);
        }
        const int32_t known = wordtable_number(&words->table, letters->data, letters->length, hash);
        if (known < 0) {
            return -1;
        }
        words->bits[known] = bits;
    }
    return 0;
}

static PyObject *
bits_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"words", NULL};
    PyObject *of_word;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!", keywords, &PyDict_Type, &of_word)) {
        return NULL;
    }
    WordBits *words = (WordBits *)type->tp_alloc(type, 0); /* zeroed, so that it can be dropped half made */
    if (words == NULL) {
        return NULL;
    }
    Characters letters = {NULL, 0, 0};
    const int done = wordtable_make(&words->table) < 0 ? -1 : read_bits(words, of_word, &letters);
    PyMem_Free(letters.data);
    if (done < 0) {
        Py_DECREF(words);
        return NULL;
    }
    return (PyObject *)words;
}

/* -- a word that is being read --------------------------------------------------------------------------------- */

typedef struct {
    Py_UCS4 letters[LONGEST];
    Py_ssize_t length; /* also of those beyond LONGEST */
    uint64_t hash;
} Word;

static inline void
begin(const WordBits *words, Word *word)
{
    word->length = 0;
    word->hash = words->table.secret;
}

static inline void
go_on(const WordBits *words, Word *word, Py_UCS4 letter)
{
    if (word->length < LONGEST) {
        word->letters[word->length] = letter;
    }
    word->length++;
    word->hash = hash_with(word->hash, letter, words->table.secret);
}

static inline int64_t
bits_of(const WordBits *words, const Word *word)
{
    if (word->length == 0 || word->length > LONGEST) {
        return 0;
    }
    const int32_t number = wordtable_find(&words->table, word->letters, word->length, word->hash);
    return number < 0 ? 0 : words->bits[number];
}

static inline int
is_small(Py_UCS4 character)
{
    return character >= 'a' && character <= 'z';
}

static inline int
is_capital(Py_UCS4 character)
{
    return character >= 'A' && character <= 'Z';
}

/* -- names ----------------------------------------------------------------------------------------------------- */

/* The bits of the words [A-Z]?[a-z]+|[A-Z]+ of a name, each in lower case. */
static int64_t
name_bits(const WordBits *words, PyObject *name, Py_ssize_t window)
{
    const int kind = PyUnicode_KIND(name);
    const void *data = PyUnicode_DATA(name);
    const Py_ssize_t length = PyUnicode_GET_LENGTH(name) < window ? PyUnicode_GET_LENGTH(name) : window;
    int64_t bits = 0;
    Word word;
    for (Py_ssize_t i = 0; i < length;) {
        Py_UCS4 character = PyUnicode_READ(kind, data, i);
        if (!is_small(character) && !is_capital(character)) {
            i++;
            continue;
        }
        begin(words, &word);
        const int capitals = is_capital(character) && !(i + 1 < length && is_small(PyUnicode_READ(kind, data, i + 1)));
        do {
            go_on(words, &word, character | 0x20);
            i++;
            character = i < length ? PyUnicode_READ(kind, data, i) : 0;
        } while (capitals ? is_capital(character) : is_small(character));
        bits |= bits_of(words, &word);
    }
    return bits;
}

PyDoc_STRVAR(add_names_doc, "names(values, rows, marks, window): add the bits of values[node] to marks[rows[node]].");

static PyObject *
add_names(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    const WordBits *words = (const WordBits *)self;
    Numbers rows, marks;
    if (!arguments_are("names", count, 4)) {
        return NULL;
    }
    const Py_ssize_t window = PyLong_AsSsize_t(args[3]);
    if (window == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (!PyDict_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError, "the values of an attribute are a dict");
        return NULL;
    }
    if (numbers_take(&rows, args[1], INTEGERS, 8, 0) < 0) {
        return NULL;
    }
    if (numbers_take(&marks, args[2], INTEGERS, 8, 1) < 0) {
        numbers_drop(&rows);
        return NULL;
    }
    Py_ssize_t place = 0;
    PyObject *key, *value;
    int done = 0;
    while (done == 0 && PyDict_Next(args[0], &place, &key, &value)) {
        const Py_ssize_t node = PyLong_AsSsize_t(key);
        if ((node == -1 && PyErr_Occurred()) || !is_text(value)) {
            done = -1;
        }
        else if (node >= 0 && node < rows.length) {
            const int64_t row = ((const int64_t *)rows.view.buf)[node];
            if (row >= 0 && row < marks.length) {
                ((int64_t *)marks.view.buf)[row] |= name_bits(words, value, window);
            }
        }
    }
    numbers_drop(&rows);
    numbers_drop(&marks);
    if (done < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* -- addresses -------------------------------------------------------------------------------------------------- */

PyDoc_STRVAR(address_doc, "address(text): the bits of the words [a-z0-9]+(?:-[a-z]+)? of an ASCII text.");

static PyObject *
address(PyObject *self, PyObject *text)
{
    const WordBits *words = (const WordBits *)self;
    if (!is_text(text)) {
        return NULL;
    }
    if (!PyUnicode_IS_ASCII(text)) {
        PyErr_SetString(PyExc_ValueError, "an address is ASCII here");
        return NULL;
    }
    const Py_UCS1 *data = PyUnicode_1BYTE_DATA(text);
    const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    int64_t bits = 0;
    Word word;
    for (Py_ssize_t i = 0; i < length;) {
        begin(words, &word);
        while (i < length && (is_small(data[i]) || (data[i] >= '0' && data[i] <= '9'))) {
            go_on(words, &word, data[i++]);
        }
        if (word.length == 0) {
            i++;
            continue;
        }
        if (i + 1 < length && data[i] == '-' && is_small(data[i + 1])) {
            do {
                go_on(words, &word, data[i++]);
            } while (i < length && is_small(data[i]));
        }
        bits |= bits_of(words, &word);
    }
    return PyLong_FromLongLong(bits);
}

/* -- the type --------------------------------------------------------------------------------------------------- */

static PyMethodDef methods[] = {
    {"names", FAST(add_names), METH_FASTCALL, add_names_doc},
    {"address", address, METH_O, address_doc},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "WordBits(words): ASCII words in lower case, and the bits of each."},
    {Py_tp_new, bits_new},
    {Py_tp_dealloc, bits_dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "declutter._speedups.WordBits",
    .basicsize = sizeof(WordBits),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
};

int
add_wordbits(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&spec);
    if (type == NULL) {
        return -1;
    }
    const int added = PyModule_AddObjectRef(module, "WordBits", type);
    Py_DECREF(type);
    return added;
}
