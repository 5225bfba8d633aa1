/** What is said in a chat: visitor and bot in turn, the visitor first. The bot's greeting comes before. */
export const topics = ['pricing', 'demo', 'integration', 'support'] as const;
export type Topic = (typeof topics)[number];

export const languages = ['en', 'de', 'fr', 'es', 'ja', 'zh', 'uk', 'ar'] as const;
export type Language = (typeof languages)[number];

/** The intent that the bot recognises in a topic, and the goal that a conversation on it can reach. */
export const outcomes: Readonly<Record<Topic, { readonly intent: string; readonly goal: string | null }>> = {
  pricing: { intent: 'ask_price', goal: 'pricing_answered' },
  demo: { intent: 'book_demo', goal: 'meeting_booked' },
  integration: { intent: 'ask_integration', goal: 'lead_captured' },
  support: { intent: 'report_problem', goal: null },
};

type Turns = readonly string[];
interface Phrases extends Readonly<Record<Topic, readonly Turns[]>> {
  readonly greeting: string;
  readonly sorry: string;
}

export const phrases: Readonly<Record<Language, Phrases>> = {
  en: {
    greeting: 'Hi! I am the Lumenfold assistant. What brings you here?',
    sorry: 'Sorry, I did not get that. Could you say it another way?',
    pricing: [
      [
        'How much is the Team plan for 40 people?',
        'The Team plan is 29 per seat and month, billed yearly.',
        'Is there a discount above 50 seats?',
        'Yes: from 50 seats on it is 24 per seat.',
      ],
      [
        'do you have monthly billing',
        'Yes, monthly billing is 20 % more than yearly.',
        'ok and can we cancel anytime?',
        'Any time, to the end of the month.',
      ],
    ],
    demo: [
      [
        'Can I see a demo this week?',
        'Gladly. Thursday 10:00 or Friday 14:00?',
        "Thursday works, there'll be three of us",
        'Booked: Thursday, 10:00. The invitation is on its way.',
      ],
      [
        "I'd like someone to show me the product",
        'Of course. What should we focus on?',
        'Reporting, mostly',
        'Noted. Your meeting is booked, see you then.',
      ],
    ],
    integration: [
      [
        'Does it work with our CRM?',
        'Yes, with the common ones, in both directions.',
        'Who could I talk to about the field mapping?',
        'A specialist will get back to you today.',
      ],
      [
        'is there an API?',
        'There is a REST API, and webhooks.',
        'Please send me the docs',
        'Sent. Anything else?',
      ],
    ],
    support: [
      [
        'My export stops at 90 %',
        'Sorry about that. How many rows does it have?',
        'About 200,000',
        'Then please split it by month; a fix is under way.',
      ],
      [
        'cant log in since this morning',
        'Let me check. Do you use single sign-on?',
        'yes',
        'Your certificate ended yesterday; I am handing you to a colleague.',
      ],
    ],
  },
  de: {
    greeting: 'Hallo! Ich bin der Assistent von Lumenfold. Wie kann ich helfen?',
    sorry: 'Das habe ich leider nicht verstanden. Können Sie es anders sagen?',
    pricing: [
      [
        'Was kostet der Team-Tarif für 40 Leute?',
        '29 pro Platz und Monat bei jährlicher Zahlung.',
        'Gibt es Mengenrabatt?',
        'Ja, ab 50 Plätzen sind es 24.',
      ],
    ],
    demo: [
      [
        'Können wir eine Vorführung bekommen?',
        'Gerne. Donnerstag um 10 Uhr?',
        'Passt, wir sind zu dritt.',
        'Gebucht. Die Einladung ist unterwegs.',
      ],
    ],
    integration: [
      [
        'Läuft das mit unserem CRM?',
        'Ja, in beide Richtungen.',
        'Mit wem kann ich über die Felder sprechen?',
        'Eine Kollegin meldet sich heute bei Ihnen.',
      ],
    ],
    support: [
      [
        'Der Export bricht bei 90 % ab.',
        'Das tut mir leid. Wie viele Zeilen sind es?',
        'Etwa 200.000',
        'Bitte nach Monaten aufteilen; wir arbeiten daran.',
      ],
    ],
  },
  fr: {
    greeting: "Bonjour ! Je suis l'assistant de Lumenfold. Que puis-je faire pour vous ?",
    sorry: "Désolé, je n'ai pas compris. Pouvez-vous reformuler ?",
    pricing: [
      [
        "Combien coûte l'offre Équipe pour 40 personnes ?",
        '29 par poste et par mois, facturé à l’année.',
        'Et au-delà de 50 postes ?',
        'Alors 24 par poste.',
      ],
    ],
    demo: [
      [
        'Peut-on voir une démonstration ?',
        'Volontiers. Jeudi à 10 h ?',
        'Parfait, nous serons trois.',
        "C'est réservé, l'invitation est partie.",
      ],
    ],
    integration: [
      [
        'Est-ce compatible avec notre CRM ?',
        'Oui, dans les deux sens.',
        'Qui peut me parler des champs ?',
        'Une collègue vous écrit aujourd’hui.',
      ],
    ],
    support: [
      [
        "L'export s'arrête à 90 %.",
        'Désolé. Combien de lignes ?',
        'Environ 200 000',
        'Coupez-le par mois en attendant le correctif.',
      ],
    ],
  },
  es: {
    greeting: '¡Hola! Soy el asistente de Lumenfold. ¿En qué puedo ayudarle?',
    sorry: 'Perdón, no lo he entendido. ¿Puede decirlo de otra manera?',
    pricing: [
      [
        '¿Cuánto cuesta el plan Equipo para 40 personas?',
        '29 por puesto y mes, con pago anual.',
        '¿Hay descuento?',
        'Sí, desde 50 puestos son 24.',
      ],
    ],
    demo: [
      [
        '¿Podemos ver una demostración?',
        'Claro. ¿El jueves a las 10?',
        'Sí, seremos tres.',
        'Reservado, la invitación va en camino.',
      ],
    ],
    integration: [
      [
        '¿Funciona con nuestro CRM?',
        'Sí, en ambos sentidos.',
        '¿Con quién hablo de los campos?',
        'Una compañera le escribirá hoy.',
      ],
    ],
    support: [
      [
        'La exportación se para al 90 %.',
        'Lo siento. ¿Cuántas filas son?',
        'Unas 200.000',
        'Divídala por meses; lo estamos arreglando.',
      ],
    ],
  },
  ja: {
    greeting: 'こんにちは。Lumenfold のアシスタントです。ご用件をどうぞ。',
    sorry: '申し訳ありません。別の言い方でお願いできますか。',
    pricing: [
      [
        'チームプランは40人でいくらですか?',
        '年払いで1席あたり月29です。',
        '割引はありますか?',
        '50席以上で24になります。',
      ],
    ],
    demo: [
      [
        'デモを見せてもらえますか?',
        'はい。木曜の10時はいかがですか?',
        '3人で参加します。',
        '予約しました。招待状をお送りします。',
      ],
    ],
    integration: [
      [
        'うちの CRM と連携できますか?',
        'はい、双方向で可能です。',
        '項目の対応は誰に聞けますか?',
        '担当者から本日ご連絡します。',
      ],
    ],
    support: [
      [
        'エクスポートが90%で止まります。',
        '何行ありますか?',
        '約20万行です。',
        '月ごとに分けてお試しください。',
      ],
    ],
  },
  zh: {
    greeting: '您好!我是 Lumenfold 助手。请问有什么可以帮您?',
    sorry: '抱歉,我没听懂。能换个说法吗?',
    pricing: [['团队版40个人多少钱?', '按年付费,每人每月29。', '人多有优惠吗?', '50人以上每人24。']],
    demo: [['可以看一下演示吗?', '好的,周四十点可以吗?', '可以,我们三个人。', '已预约,邀请马上发出。']],
    integration: [['能和我们的 CRM 对接吗?', '可以,双向同步。', '字段对应找谁谈?', '今天会有同事联系您。']],
    support: [['导出到90%就停了。', '大概多少行?', '二十万左右。', '请先按月拆分,我们正在修复。']],
  },
  uk: {
    greeting: 'Вітаю! Я помічник Lumenfold. Чим можу допомогти?',
    sorry: 'Вибачте, не зрозумів. Можете сказати інакше?',
    pricing: [
      [
        'Скільки коштує тариф «Команда» на 40 людей?',
        '29 за місце на місяць, оплата за рік.',
        'А знижка є?',
        'Так, від 50 місць — 24.',
      ],
    ],
    demo: [
      [
        'Можна побачити демонстрацію?',
        'Звісно. Четвер о 10:00?',
        'Так, нас буде троє.',
        'Заброньовано, запрошення вже в дорозі.',
      ],
    ],
    integration: [
      [
        'Чи працює це з нашою CRM?',
        'Так, в обидва боки.',
        'З ким поговорити про поля?',
        'Колега напише вам сьогодні.',
      ],
    ],
    support: [
      [
        'Експорт зупиняється на 90 %.',
        'Скільки там рядків?',
        'Близько 200 000',
        'Поки що розділіть за місяцями.',
      ],
    ],
  },
  ar: {
    greeting: 'مرحبًا! أنا مساعد Lumenfold. كيف أساعدك؟',
    sorry: 'عذرًا، لم أفهم. هل يمكنك قولها بطريقة أخرى؟',
    pricing: [
      [
        'كم سعر باقة الفريق لأربعين شخصًا؟',
        '٢٩ للمقعد شهريًا عند الدفع سنويًا.',
        'هل يوجد خصم؟',
        'نعم، ٢٤ ابتداءً من خمسين مقعدًا.',
      ],
    ],
    demo: [
      [
        'هل يمكن رؤية عرض؟',
        'بالتأكيد. الخميس الساعة العاشرة؟',
        'مناسب، سنكون ثلاثة.',
        'تم الحجز والدعوة في الطريق.',
      ],
    ],
    integration: [
      [
        'هل يعمل مع نظام CRM لدينا؟',
        'نعم، في الاتجاهين.',
        'مع من أتحدث عن الحقول؟',
        'ستتواصل معك زميلة اليوم.',
      ],
    ],
    support: [['التصدير يتوقف عند ٩٠٪.', 'كم عدد الصفوف؟', 'حوالي مئتي ألف', 'قسّمه حسب الشهر من فضلك.']],
  },
};
