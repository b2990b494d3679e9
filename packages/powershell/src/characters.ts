/** Which characters mean what to PowerShell, by UTF-16 code unit (-1 is the end of the text). */

/** The UTF-16 unit at a position, -1 beyond the end. */
export const unitAt = (text: string, index: number): number =>
  index < text.length ? text.charCodeAt(index) : -1

const tab = 0x09
const lineFeed = 0x0a
const verticalTab = 0x0b
const formFeed = 0x0c
const carriageReturn = 0x0d

export const isNewline = (unit: number): boolean => unit === lineFeed || unit === carriageReturn

/** Also the white space that text processors insert: no-break space, thin space, line separator. */
export const isWhiteSpace = (unit: number): boolean => {
  if (unit < 0x80) {
    return unit === 0x20 || unit === tab || unit === verticalTab || unit === formFeed
  }
  return (
    unit === 0x85 ||
    unit === 0xa0 ||
    unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x202f ||
    unit === 0x205f ||
    unit === 0x3000
  )
}

/** Hyphen-minus, en dash, em dash, horizontal bar: PowerShell takes each for a dash. */
export const isDash = (unit: number): boolean => unit === 0x2d || (unit >= 0x2013 && unit <= 0x2015)

/** The straight single quote and the curly ones. */
export const isSingleQuote = (unit: number): boolean =>
  unit === 0x27 || (unit >= 0x2018 && unit <= 0x201b)

/** The straight double quote and the curly ones. */
export const isDoubleQuote = (unit: number): boolean =>
  unit === 0x22 || (unit >= 0x201c && unit <= 0x201e)

export const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39

const isAsciiLetter = (unit: number): boolean =>
  (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a)

/** Letters of any script in the basic plane; halves of surrogate pairs are none. */
export const isLetter = (unit: number): boolean =>
  unit < 0x80 ? isAsciiLetter(unit) : /^\p{L}$/u.test(String.fromCharCode(unit))

/** What may stand in a plain name: letter, digit, underscore. */
export const isNameCharacter = (unit: number): boolean =>
  unit < 0x80
    ? isAsciiLetter(unit) || isDigit(unit) || unit === 0x5f
    : /^[\p{L}\p{Nd}]$/u.test(String.fromCharCode(unit))

/** `$name` and `$_`; the automatic `$?`, `$$` and `$^` begin with their only character. */
export const isVariableStart = (unit: number): boolean =>
  isNameCharacter(unit) || unit === 0x3f || unit === 0x24 || unit === 0x5e || unit === 0x3a

/** The characters that end a bare word: white space, newline, end of text, `& ( ) , ; { | }`. */
export const endsWord = (unit: number): boolean => {
  switch (unit) {
    case -1:
    case 0:
    case 0x26:
    case 0x28:
    case 0x29:
    case 0x2c:
    case 0x3b:
    case 0x7b:
    case 0x7c:
    case 0x7d:
      return true
    default:
      return isWhiteSpace(unit) || isNewline(unit)
  }
}

/** In an expression a number also ends before an operator: `1+2`. */
export const endsNumber = (unit: number): boolean =>
  endsWord(unit) ||
  isDash(unit) ||
  (unit > 0 && unit < 0x80 && "!#%*+./<=>]?:".includes(String.fromCharCode(unit)))
