import type { Field } from './form.ts';
import type { Journey } from './journey.ts';
import type { Step, StepContext, StepResult } from './step.ts';
import type { TextId } from './text-ids.ts';
import { validateFields } from './validate-fields.ts';

interface FieldStep {
  heading?: TextId;
  intro: TextId | ((journey: Journey) => TextId);
  continueLabel: TextId;
  fields(journey: Journey): Field[];
  /** Called with the valid values, by claim. */
  accept(context: StepContext, values: Record<string, string>): StepResult;
}

/** A step whose page has fields. */
export const fieldStep = ({
  heading = 'user_details',
  intro,
  continueLabel,
  fields,
  accept,
}: FieldStep): Step => ({
  page: (journey) => ({
    kind: 'self-asserted',
    heading,
    intro: typeof intro === 'string' ? intro : intro(journey),
    continueLabel,
    fields: fields(journey),
  }),
  submit(context) {
    const { journey, form } = context;
    const result = validateFields(fields(journey), form, journey);
    return 'errors' in result ? result.errors : accept(context, result.values);
  },
});
