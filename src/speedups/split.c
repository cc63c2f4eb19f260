/* The word splitter: the compiled form of split_words in declutter/words.py, for texts of plain characters.
 *
 * Plain are those that are composed already, combine with nothing and lower to one character wherever they stand: then
 * nothing of NFC and of the marks of Indic and Semitic scripts is needed here. tests/test_compiled.py looks at each.
 */
#include "split.h"

static int
is_plain_character(Py_UCS4 character)
{
    return character < 0x300                                /* Latin, with the accents of most languages */
           || (character >= 0x400 && character <= 0x482)    /* Cyrillic */
           || (character >= 0x48A && character <= 0x52F)    /* */
           || (character >= 0x1E00 && character <= 0x1EFF)  /* Latin of Vietnamese */
           || (character >= 0x2010 && character <= 0x2027)  /* quotation marks, dashes, dots */
           || (character >= 0x2030 && character <= 0x205E)  /* */
           || (character >= 0x20A0 && character <= 0x20BF)  /* currencies */
           || character == 0x2122                           /* trade mark */
           || (character >= 0x2190 && character <= 0x2194)  /* arrows */
           || (character >= 0x2500 && character <= 0x2775)  /* boxes, stars, checks */
           || (character >= 0x3001 && character <= 0x3029)  /* CJK punctuation */
           || (character >= 0x3041 && character <= 0x3096)  /* hiragana */
           || (character >= 0x309D && character <= 0x30FF)  /* katakana */
           || (character >= 0x4E00 && character <= 0x9FFF)  /* Han */
           || (character >= 0xAC00 && character <= 0xD7A3)  /* Hangul */
           || (character >= 0xFF01 && character <= 0xFF60); /* full width */
}

/* Of the plain characters those that are a word each: _NO_SPACES of words.py. */
static int
is_word_alone(Py_UCS4 character)
{
    return character >= 0x3005 && (character <= 0x3007 || (character >= 0x3041 && character <= 0x30FF) ||
                                   (character >= 0x4E00 && character <= 0x9FFF));
}

/* The character in lower case if words have it, else 0. */
static inline Py_UCS4
letter_of(Py_UCS4 character)
{
    if (character < 0x80) {
        if ((character >= 'a' && character <= 'z') || (character >= '0' && character <= '9')) {
            return character;
        }
        return character >= 'A' && character <= 'Z' ? character + 0x20 : 0;
    }
    if (character == 0x130) {
        return 'i'; /* lowers to an i with a loose dot, which words.py takes off */
    }
    character = Py_UNICODE_TOLOWER(character);
    return Py_UNICODE_ISALNUM(character) || is_word_alone(character) ? character : 0;
}

/* The words that the pure form gives. */
static int
take_list(PyObject *words, uint64_t secret, Characters *word, TakeWord take, void *taker)
{
    if (!PyList_Check(words)) {
        PyErr_SetString(PyExc_TypeError, "the splitter gives no list");
        return -1;
    }
    for (Py_ssize_t place = 0; place < PyList_GET_SIZE(words); place++) {
        word->length = 0;
        if (characters_add(word, PyList_GET_ITEM(words, place)) < 0) {
            return -1;
        }
        uint64_t hash = secret;
        for (Py_ssize_t i = 0; i < word->length; i++) {
            hash = hash_with(hash, word->data[i], secret);
        }
        if (take(taker, word->data, word->length, hash) < 0) {
            return -1;
        }
    }
    return 0;
}

int
split_text(PyObject *text, Py_ssize_t window, uint64_t secret, PyObject *splitter, Characters *word, TakeWord take,
           void *taker)
{
    if (!is_text(text)) {
        return -1;
    }
    const Py_ssize_t length = PyUnicode_GET_LENGTH(text) < window ? PyUnicode_GET_LENGTH(text) : window;
    const int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    int plain = 1;
    for (Py_ssize_t i = 0; !PyUnicode_IS_ASCII(text) && plain && i < length; i++) {
        plain = is_plain_character(PyUnicode_READ(kind, data, i));
    }
    if (!plain) {
        PyObject *shown = PyUnicode_Substring(text, 0, length);
        PyObject *words = shown == NULL ? NULL : PyObject_CallOneArg(splitter, shown);
        Py_XDECREF(shown);
        const int taken = words == NULL ? -1 : take_list(words, secret, word, take, taker);
        Py_XDECREF(words);
        return taken;
    }
    word->length = 0;
    if (characters_reserve(word, length + 1) < 0) {
        return -1;
    }
    uint64_t hash = secret;
    for (Py_ssize_t i = 0; i <= length; i++) {
        const Py_UCS4 letter = i < length ? letter_of(PyUnicode_READ(kind, data, i)) : 0;
        const int alone = letter >= 0x3005 && is_word_alone(letter);
        if (word->length > 0 && (letter == 0 || alone)) {
            if (take(taker, word->data, word->length, hash) < 0) {
                return -1;
            }
            word->length = 0;
            hash = secret;
        }
        if (letter != 0) {
            word->data[word->length++] = letter;
            hash = hash_with(hash, letter, secret);
            if (alone) {
                if (take(taker, word->data, 1, hash) < 0) {
                    return -1;
                }
                word->length = 0;
                hash = secret;
            }
        }
    }
    return 0;
}
