/// Invented texts in the language of ordinary human experience: what we did, what they said, what comes next.
/// No diagnoses, no judgements.
enum Phrases {
    static let givenNames = [
        "Ada", "Alma", "Ben", "Bea", "Carl", "Cleo", "Dana", "Dee", "Earl", "Edie", "Faye", "Finn", "Gail",
        "Gus", "Hal", "Hope", "Ida", "Ivan", "Jade", "Joel", "June", "Kai", "Kay", "Lena", "Lou", "Mae",
        "Milo", "Nell", "Nico", "Opal", "Otis", "Pam", "Pete", "Quinn", "Rae", "Ray", "Rosa", "Ruth", "Sam",
        "Sol", "Tess", "Theo", "Una", "Vera", "Vic", "Wade", "Wren", "Yara", "Zeke", "Zoë",
    ]

    static let familyNames = [
        "Abbott", "Barlow", "Castillo", "Delgado", "Easton", "Fuentes", "Garrison", "Hollis", "Ibarra",
        "Jennings", "Kowalski", "Lindqvist", "Marchetti", "Nakamura", "O'Dell", "Pettway", "Quarles",
        "Rutledge", "Santos", "Thibodeaux", "Underhill", "Vasquez", "Whitlock", "Xiong", "Yates", "Zielinski",
    ]

    static let houses = ["Maple House", "Harbor House", "Elm Court", "Station Street", "Garden Row"]

    static let did = [
        "We walked to the park and back.", "We read the labels in the kitchen together.",
        "We planned meals for the week.", "We looked at the bus times for Thursday.",
        "We talked over the last group over coffee.", "We went through the food diary.",
        "We filled in the housing form together.", "We cooked a pot of soup, enough for two days.",
        "We practised what to ask at the appointment.", "We sorted the mail and made two calls.",
        "We set up a reminder for the group.", "We looked for walking shoes at the thrift store.",
    ]

    static let said = [
        "\"It felt good to be outside.\"", "\"I slept better this week.\"",
        "\"I would rather try it on my own first.\"", "\"The stairs are easier than in spring.\"",
        "\"I like the group better than I thought.\"", "\"I want to cook for my sister.\"",
        "\"Mornings are hard, afternoons are fine.\"", "\"I'm proud of that one.\"",
        "\"Could we meet somewhere quieter?\"", "\"I'd like to go twice a week.\"", "",
    ]

    static let next = [
        "Call on Monday.", "Walk again next week.", "Bring the form, signed.", "Try one new vegetable.",
        "Meet before the group.", "Ask the primary provider about the appointment.", "Visit at home.",
        "Write down three days of meals.", "",
    ]

    static let focus = [
        "Getting to appointments, and getting out more.", "Cooking for oneself.",
        "Walking with company, twice a week.", "Meeting people outside the house.",
        "Feeling at ease on the bus.", "Keeping up with the group.",
    ]

    static let goals = [
        "Visit my family once a month.", "Cook at home three evenings a week.",
        "Walk to the market and back.",
        "Join one group and stay with it.", "Manage my own calendar.",
    ]

    static let saw = [
        "Looked tired and had not eaten since the day before.",
        "The meter showed a higher number than usual.",
        "Was short of breath after one flight of stairs.", "A cut on the foot that has not closed.",
        "Felt dizzy on standing up and sat down again.", "Had run out of what the clinic prescribed.",
    ]

    static let response = [
        "Visited the same day.", "Called back, will see them tomorrow.", "Appointment made for this week.",
        "Spoke with them and with the clinic.",
    ]

    static let need = [
        "Company on the way to appointments.", "Somebody who has been through it.", "A way into the group.",
        "Help with getting settled.", "A push to get out and walk.",
    ]

    static let questions = [
        "How did you get the first meeting to work?", "What would you suggest for somebody new to the house?",
        "Could you look in when you are at our site tomorrow?", "Which groups have room at the moment?",
    ]

    static let answers = [
        "Start with a walk, not a form.", "I will come by in the morning.", "Tuesday's group has two places.",
        "Let them choose the place.",
    ]

    static let topics = [
        "Caseload and time", "Boundaries, and what to share", "Group facilitation", "Notes in plain words",
    ]

    static let adaptations = [
        "", "", "", "Shorter, with a break.", "More time for questions.", "In the kitchen.",
    ]
}
