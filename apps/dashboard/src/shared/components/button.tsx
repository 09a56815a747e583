import type { ButtonHTMLAttributes, ReactNode } from 'react'

/** How much a button matters, or that it harms. */
export type ButtonTone = 'primary' | 'plain' | 'danger' | 'quiet'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly tone?: ButtonTone
  /** Shown as working; presses are ignored, and the focus stays where it is. */
  readonly busy?: boolean
  readonly small?: boolean
  readonly children: ReactNode
}

/** A button. It submits only where `type="submit"` says so. */
export function Button(props: ButtonProps): ReactNode {
  const { tone = 'plain', busy = false, small = false, className = '', type = 'button', onClick, ...rest } = props
  return (
    <button
      {...rest}
      type={type}
      className={`button ${tone} ${small ? 'small' : ''} ${className}`}
      aria-disabled={busy || rest['aria-disabled'] ? true : undefined}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onClick?.(event)
      }}
    />
  )
}
