/// Who may write what: one row per register, one column per role. It is checked on both sides; the server's
/// word counts.
///
/// `C` may write it in a new record, `E` in one that exists; in lower case only where the record's owner (see
/// ``owners``) is the writer; `-` not at all. A register without a row may be written by nobody.
///
/// Three lines carry law rather than habit: no peer sets a focus, a goal or a primary provider; only
/// administrators write staff, sites and teams; what is signed is closed by ``PeerSupportDomain`` whatever
/// stands here.
enum PermissionTable {
    static let roles: [Role] = [
        .peer, .primaryProvider, .nurse, .supervisor, .administrator, .referrer, .sync,
    ]

    /// The field that names a record's owner by staff code.
    static let owners: [String: String] = [
        "assignment": "peer", "check_in": "peer", "session": "peer", "attendance": "peer",
        "escalation": "seen_by", "consult": "from_staff", "decision": "decided_by", "notice": "to_staff",
    ]

    static let text = """
        table       register          peer  prov  nurse super admin refer sync
        site        identity          -     -     -     -     C     -     -
        site        name              -     -     -     -     CE    -     -
        site        kind              -     -     -     -     CE    -     -
        site        billing           -     -     -     -     CE    -     -
        site        deleted           -     -     -     -     E     -     -
        team        identity          -     -     -     -     C     -     -
        team        name              -     -     -     -     CE    -     -
        team        program           -     -     -     -     CE    -     -
        team        home              -     -     -     -     CE    -     -
        team        proximity         -     -     -     -     CE    -     -
        team        deleted           -     -     -     -     E     -     -
        staff       identity          -     -     -     -     C     -     -
        staff       name              -     -     -     -     CE    -     -
        staff       role              -     -     -     -     CE    -     -
        staff       place             -     -     -     -     CE    -     -
        staff       coverage          -     -     -     -     CE    -     -
        staff       contract          -     -     -     -     CE    -     -
        staff       credential        -     -     -     -     CE    -     -
        staff       requirement       -     -     -     -     CE    -     -
        staff       supervisors       -     -     -     -     CE    -     -
        staff       availability      -     -     -     -     CE    -     -
        staff       employment        -     -     -     -     CE    -     -
        staff       deleted           -     -     -     -     E     -     -
        participant identity          C     C     C     CE    CE    C     C
        participant name              CE    CE    CE    CE    CE    C     CE
        participant birth             CE    CE    CE    CE    CE    C     CE
        participant home              CE    CE    CE    CE    CE    C     CE
        participant contact           CE    CE    CE    CE    CE    CE    CE
        participant standing          CE    CE    CE    CE    CE    C     CE
        participant primary_provider  -     CE    -     CE    CE    C     CE
        participant focus             -     CE    -     -     C     -     C
        participant goals             -     CE    -     -     C     -     C
        participant consent           CE    CE    CE    CE    CE    C     CE
        participant privacy           C     CE    CE    CE    CE    C     CE
        participant provenance        -     -     -     -     C     -     C
        participant redirect          -     -     -     E     E     -     -
        participant deleted           -     -     -     -     E     -     -
        assignment  what              c     -     -     C     C     -     C
        assignment  period            ce    -     -     CE    CE    -     CE
        assignment  provenance        -     -     -     -     C     -     C
        assignment  deleted           e     -     -     E     E     -     -
        enrollment  what              C     C     C     C     C     C     C
        enrollment  start             CE    CE    CE    CE    CE    C     CE
        enrollment  phase             CE    CE    CE    CE    CE    C     CE
        enrollment  status            CE    CE    CE    CE    CE    C     CE
        enrollment  provenance        -     -     -     -     C     -     C
        enrollment  deleted           -     -     -     E     E     -     -
        check_in    what              c     -     -     c     C     -     C
        check_in    time              ce    -     -     ce    CE    -     C
        check_in    place             ce    -     -     ce    CE    -     C
        check_in    note              ce    -     -     ce    CE    -     C
        check_in    void              ce    -     -     CE    CE    -     CE
        check_in    provenance        -     -     -     -     C     -     C
        check_in    deleted           e     -     -     e     E     -     -
        session     what              c     -     -     C     C     -     C
        session     time              ce    -     -     CE    CE    -     C
        session     place             ce    -     -     CE    CE    -     C
        session     note              ce    -     -     ce    CE    -     C
        session     void              ce    -     -     CE    CE    -     CE
        session     provenance        -     -     -     -     C     -     C
        session     deleted           e     -     -     e     E     -     -
        attendance  what              c     -     -     C     C     -     C
        attendance  status            ce    -     -     CE    CE    -     CE
        attendance  weight            ce    -     CE    CE    CE    -     CE
        attendance  movement          ce    -     CE    CE    CE    -     CE
        attendance  void              ce    -     -     CE    CE    -     CE
        attendance  provenance        -     -     -     -     C     -     C
        attendance  deleted           e     -     -     E     E     -     -
        referral    what              C     C     C     C     C     C     C
        referral    recipient         C     CE    CE    CE    CE    CE    CE
        referral    sent              CE    CE    CE    CE    CE    CE    CE
        referral    status            CE    CE    CE    CE    CE    CE    CE
        referral    visit             CE    -     -     CE    CE    -     CE
        referral    handoff           CE    CE    CE    CE    CE    CE    CE
        referral    outcome           CE    CE    CE    CE    CE    CE    CE
        referral    provenance        -     -     -     -     C     -     C
        referral    deleted           -     -     -     E     E     -     -
        consult     what              c     c     c     C     C     c     C
        consult     answer            CE    -     -     CE    CE    -     CE
        consult     provenance        -     -     -     -     C     -     C
        consult     deleted           e     e     e     E     E     e     -
        escalation  what              c     c     c     c     C     c     C
        escalation  told              CE    CE    CE    CE    CE    CE    CE
        escalation  acknowledged      -     CE    CE    CE    CE    -     CE
        escalation  void              ce    ce    ce    CE    CE    ce    CE
        escalation  provenance        -     -     -     -     C     -     C
        escalation  deleted           -     -     -     -     E     -     -
        supervision what              -     -     -     C     C     -     C
        supervision time              -     -     -     CE    CE    -     C
        supervision topics            -     -     -     CE    CE    -     C
        supervision review            -     -     -     CE    CE    -     CE
        supervision void              -     -     -     CE    CE    -     CE
        supervision provenance        -     -     -     -     C     -     C
        supervision deleted           -     -     -     E     E     -     -
        decision    what              c     c     c     c     c     -     -
        decision    values            c     c     c     c     c     -     -
        decision    contest           E     E     E     E     E     -     -
        decision    closed            -     -     -     E     E     -     -
        decision    deleted           -     -     -     -     -     -     -
        notice      what              C     C     C     C     C     -     -
        notice      seen              e     e     e     e     e     e     e
        notice      deleted           -     -     -     -     -     -     -
        """
}
