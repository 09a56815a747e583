import Type from 'typebox'
import { PageQuery } from './api-key-schemas.ts'
import { objectId } from './object-id.ts'
import { oneOf } from './one-of.ts'
import { signature } from './payment-replies.ts'
import { signatureMembers } from './payment-requests.ts'

const closed = { additionalProperties: false } as const
const PLAIN = '[^\\u0000-\\u001f\\u007f]'
/** An empty text takes a member away. */
const text = (pattern: string, maxLength: number, description: string): Type.TOptional<Type.TString> =>
  Type.Optional(Type.String({ maxLength, pattern: `^(?:${pattern})?$`, description }))

const personal = {
  email: text('[^\\s@\\u0000-\\u001f\\u007f]{1,64}@[^\\s@\\u0000-\\u001f\\u007f]{1,189}', 254, 'E-mail address.'),
  name: text(`${PLAIN}*`, 64, 'Name.'),
  phone: text('\\+[0-9]{6,15}', 16, 'Telephone number, E.164.'),
  address: text(`${PLAIN}*`, 256, 'Postal address.'),
}
const open = {
  reference: text('[0-9A-Za-z_-]+', 64, "The merchant's own number of the customer; nothing personal."),
  language: text('[a-z]{2}', 2, 'ISO 639-1.'),
}

/** POST /users. */
export const CreateUserRequest = Type.Object(
  { ...signatureMembers, ...personal, ...open },
  { ...closed, $id: 'CreateUserRequest' },
)
export type CreateUserRequest = Type.Static<typeof CreateUserRequest>

/** PUT /users/{userId}: members that are given replace what there was; those that are absent stay. */
export const UpdateUserRequest = Type.Object(
  { ...signatureMembers, ...personal, ...open },
  { ...closed, $id: 'UpdateUserRequest' },
)
export type UpdateUserRequest = Type.Static<typeof UpdateUserRequest>

export const UserParams = Type.Object({ userId: objectId('The id of a customer.') })

/** GET /users. */
export const UserListQuery = Type.Object(
  {
    ...PageQuery.properties,
    email: Type.Optional(
      Type.String({ minLength: 3, maxLength: 254, pattern: `^${PLAIN}*$`, description: 'Exactly this address.' }),
    ),
  },
  closed,
)
export type UserListQuery = Type.Static<typeof UserListQuery>

const shown = {
  userId: Type.String(),
  email: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  phone: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  reference: Type.Optional(Type.String()),
  language: Type.Optional(Type.String()),
  createdAt: Type.String({ format: 'date-time' }),
  updatedAt: Type.String({ format: 'date-time' }),
}

/** The `data` of an answer about one customer. */
export const UserData = Type.Object({ ...shown, ...signature })
export type UserData = Type.Static<typeof UserData>

/** The `data` of a list of customers, newest first. The signature covers the members that are not lists. */
export const UserListData = Type.Object({
  items: Type.Array(Type.Object(shown)),
  hasMore: Type.Boolean(),
  ...signature,
})
export type UserListData = Type.Static<typeof UserListData>

/** The `data` of DELETE /users/{userId}. */
export const ErasedUserData = Type.Object({
  userId: Type.String(),
  status: oneOf(['erased'], 'Nothing personal is left, and nothing brings it back.'),
  erasedAt: Type.String({ format: 'date-time' }),
  ...signature,
})
export type ErasedUserData = Type.Static<typeof ErasedUserData>
