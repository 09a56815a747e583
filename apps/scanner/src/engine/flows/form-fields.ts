import type { Named, Value } from '../values/value.ts'

/** What an element holds, and what a reference of Vue or React holds. */
const CONTENT = /\.(?:value|valueAsNumber|innerText|textContent)$/
const LOOKED_UP =
  /(?:getElementById|querySelector|getElementsByName|getElementsByClassName|(?:^|[~.])\$|jquery|(?:form\w*|controls?|group\(\))\.get)\(\)(?:\.(?:0|item\(\)|\[\]))?$/i
/** What a form gives for the name of a field. */
const GIVEN =
  /(?:FormData|form\w*|fields|controls)\.get\(\)$|(?:^|[.~])(?:getFieldValue|getFieldsValue|getValues|watch|getRawValue)\(\)$/i
const JQUERY_CONTENT = /\.(?:val|text)\(\)$/
/** Words of a variable that say it is an element, not what was typed: `cardNumberInput`, `cvvRef.current`. */
const ELEMENT = /(?:_?(?:Input|Field|Elem|Element|El|Ref|Control|Ctrl|Textbox|Txt|Box)|_(?:input|field|el|ref))$/

/**
 * The name of the field of a form whose content a value is: `#card-number` of `document.querySelector('#card-number').value`,
 * `cvv` of `cvvInput.value`, `$('#cvv').val()`, `formData.get('cvv')`; undefined for anything else.
 */
export function fieldOf(value: Named): string | undefined {
  if (value.via === 'call') {
    if (GIVEN.test(value.path)) return selected(value.args?.[0])
    const element = value.base?.kind === 'named' ? value.base.base : undefined
    return JQUERY_CONTENT.test(value.path) && element?.kind === 'named' ? lookedUp(element) : undefined
  }
  if (value.via !== 'member' || !CONTENT.test(value.path) || value.base?.kind !== 'named') return undefined
  return lookedUp(value.base) ?? elementName(value.base.path)
}

function lookedUp(element: Named): string | undefined {
  if (!LOOKED_UP.test(element.path)) return undefined
  for (let at: Value | undefined = element; at?.kind === 'named'; at = at.base) {
    if (at.via === 'call') return selected(at.args?.[0])
  }
  return undefined
}

/** The name in a selector: `cardNumber` in `form input[name="cardNumber"]`. */
function selected(selector: Value | undefined): string | undefined {
  if (selector?.kind !== 'constant' || typeof selector.value !== 'string') return undefined
  return /([\w-]{1,60})["'\]]{0,2}$/.exec(selector.value)?.[1]
}

/** What an element is called after, without what says that it is one: `cvv` of `cvvInput`, of `form.cvvRef.current`. */
export function elementName(path: string): string {
  const own = path.replace(/\.current$/, '').replace(/^.*[.~]/, '')
  return own.replace(ELEMENT, '')
}
