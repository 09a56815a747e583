import { ROLES } from '@ucanpay/wire/dashboard/roles'
import type { ReactNode } from 'react'
import { Section } from '../../shared/components/page.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { ROLE_TEXTS } from '../../shared/texts/roles.ts'
import { abilitiesOf } from './may-manage.ts'
import { TEXTS } from './texts.ts'

/** Each role, with all that it may and may not do, from the list that the gateway itself goes by. */
export function Roles(): ReactNode {
  const t = useTexts(TEXTS)
  const r = useTexts(ROLE_TEXTS)
  return (
    <Section title={t('roles')}>
      <p className="soft">{t('rolesText')}</p>
      <div className="team-roles">
        {ROLES.map((role) => {
          const { may, mayNot } = abilitiesOf(role)
          const not = [...mayNot.map((ability) => t(ability)), ...(role === 'admin' ? [t('adminNot')] : [])]
          return (
            <details key={role}>
              <summary>{r(role)}</summary>
              <div className="team-abilities">
                <div>
                  <h3>{t('may')}</h3>
                  <ul className="team-may">
                    {may.map((ability) => (
                      <li key={ability}>{t(ability)}</li>
                    ))}
                  </ul>
                </div>
                <div>
                  <h3>{t('mayNot')}</h3>
                  {not.length === 0 ? <p className="soft">{t('nothingElse')}</p> : null}
                  <ul className="team-may-not">
                    {not.map((ability) => (
                      <li key={ability}>{ability}</li>
                    ))}
                  </ul>
                </div>
              </div>
            </details>
          )
        })}
      </div>
    </Section>
  )
}
