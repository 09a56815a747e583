import { hooks } from '../../hooks.ts'

export const config = { api: { bodyParser: false } }

export default hooks.node
