import { hooks } from '../../hooks.ts'

export const POST = hooks.web
