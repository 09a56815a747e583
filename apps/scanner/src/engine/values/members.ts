import type { Evaluation, Layer, ListValue, Member, ObjectValue, Origin, Value } from './value.ts'
import { constant, memberOf, MOST_OPTIONS, optionsOf, union } from './value.ts'
import { classMembers } from './classes.ts'

/** An object of thousands of members takes longer to look through. */
const LAYERS_PER_STEP = 32

/**
 * The values that a member can have, with where each is set. What is set later, or spread in later, comes first and
 * hides what is earlier where it is sure to be there.
 */
export function membersNamed(value: Value, name: string, evaluation: Evaluation): Member[] {
  return optionsOf(value).flatMap((option) => evaluation.deeper([], () => ofOption(option, name, evaluation)))
}

function ofOption(option: Value, name: string, evaluation: Evaluation): Member[] {
  switch (option.kind) {
    case 'object':
      return ofObject(option, name, evaluation)
    case 'list':
      return ofList(option, name)
    case 'class':
      return ofObject(classMembers(option, 'static', evaluation), name, evaluation)
    case 'named':
      return [{ value: memberOf(option, name, option.origin), origin: option.origin, certain: false }]
    default:
      return []
  }
}

function ofObject(object: ObjectValue, name: string, evaluation: Evaluation): Member[] {
  const found: Member[] = []
  if (!evaluation.step(1 + object.layers.length / LAYERS_PER_STEP)) return found
  for (let index = object.layers.length - 1; index >= 0; index--) {
    const layer = object.layers[index]
    if (!layer) continue
    const members = ofLayer(object, layer, { name, evaluation })
    found.push(...members)
    if (members.length > 0 && members.every((member) => member.certain)) break
  }
  return found
}

function ofLayer(
  object: ObjectValue,
  layer: Layer,
  { name, evaluation }: { name: string; evaluation: Evaluation },
): Member[] {
  if ('spread' in layer) {
    if (layer.except?.includes(name) === true) return []
    const inner = layer.spread()
    const sure = !layer.maybe && inner.kind !== 'union'
    return membersNamed(inner, name, evaluation).map((member) => ({ ...member, certain: member.certain && sure }))
  }
  if (layer.name !== name) return []
  return [{ value: layer.value(), origin: { module: object.origin.module, node: layer.node }, certain: !layer.maybe }]
}

function ofList(list: ListValue, name: string): Member[] {
  const item = /^\d{1,4}$/.test(name) ? list.items[Number(name)] : undefined
  return item ? [{ value: item, origin: item.origin, certain: !list.open }] : []
}

/** What reading a member gives. Of what is only known by name it is a longer name. */
export function memberValue(
  value: Value,
  name: string | undefined,
  place: { at: Origin; evaluation: Evaluation },
): Value {
  const { at, evaluation } = place
  const values = optionsOf(value).flatMap((option): Value[] => {
    if (option.kind === 'named') return [memberOf(option, name, at)]
    if (name === undefined) return anyMember(option, at)
    const members = membersNamed(option, name, evaluation)
    if (members.some((member) => member.certain)) return members.map((member) => member.value)
    const missing =
      option.kind === 'object' || option.kind === 'class' ? [constant(undefined, at)] : [method(option, name, at)]
    // Of what was spread in by name alone, the name is answer enough.
    const open = members.some((member) => member.value.kind === 'named')
    return [...members.map((member) => member.value), ...(open ? [] : missing)]
  })
  return union(values, at)
}

/** A method of a value that is known, such as `'a'.concat`: what it does is found where it is called. */
function method(base: Value, name: string, at: Origin): Value {
  return { kind: 'named', path: `~.${name}`, via: 'member', base, origin: at }
}

function anyMember(value: Value, at: Origin): Value[] {
  if (value.kind === 'list' && value.items.length > 0) return [...value.items]
  if (value.kind === 'object') {
    // Of a table of hundreds, some are as good as all: a value has no more options than these.
    return value.layers
      .slice(0, MOST_OPTIONS)
      .map((layer) => ('spread' in layer ? anyOf(layer.spread(), at) : layer.value()))
  }
  return [{ kind: 'named', path: '~.[]', via: 'member', base: value, origin: at }]
}

function anyOf(value: Value, at: Origin): Value {
  return value.kind === 'named' ? memberOf(value, undefined, at) : value
}

/** The names that an object is known to have, with their values, outermost last; `open` where there may be others. */
export function namesOf(value: Value, evaluation: Evaluation): { names: ReadonlySet<string>; open: boolean } {
  const names = new Set<string>()
  let open = false
  for (const option of optionsOf(value)) {
    if (!evaluation.step()) return { names, open: true }
    if (option.kind !== 'object') {
      open ||= option.kind === 'named'
      continue
    }
    for (const layer of option.layers) {
      if ('spread' in layer) {
        const inner = evaluation.deeper({ names: new Set<string>(), open: true }, () =>
          namesOf(layer.spread(), evaluation),
        )
        for (const name of inner.names) if (layer.except?.includes(name) !== true) names.add(name)
        open ||= inner.open
      } else if (layer.name === undefined) open = true
      else names.add(layer.name)
    }
  }
  return { names, open }
}
