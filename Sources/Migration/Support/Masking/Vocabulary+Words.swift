extension Vocabulary {
  // Made by Scripts/vocabulary.
  static let text = """
    abcdef abnormally abort aborted about above absent accept acceptable accepted accepting access accessing
    accesslog account act action actions active adbin add address administration administrator adnum adrelid
    advertise advice advisory aes affected africa after afterwards again agg aggregate agree agreeing agrees ahead
    aim aires alaskan algorithm alias all allocate allow allowed alphabet already alter ambiguous america among amp
    an analyze anchorage and anew angeles anode anonymous another answer any anybody anything api append appended
    application applied apply approval approvals approver approximate apr apt arab arabian archive are area
    argentina argon argument arguments aria array as asc ascii asia ask asked asks aspect assign at atlantic
    attached attempt attempted attempting attgenerated attidentity attisdropped attname attnotnull attnum attrdef
    attrelid attribute attributes atttypid atttypmod auckland audit aug aus australia authenticate authentication
    authorities authority authorization auto available average avoided awaiting away axis back backend backslash
    backup backups bad badge bangkok bar bare bars base based batch batches bc be bearer became because been before
    began begin beginning begins begun behind being belong belongs berlin beside between beyond big bigint bin
    binary bind bits blames blank blob block blocked blocking blocks body bool boolean boot both bound bounds box
    bracket brand break bring brisbane broken brought bucharest budapest buenos buffer build bulk bundle busy but by
    byte bytea bytes ca cache cairo calcutta call callbacks came can cancel canceled canceling cancellation
    cancelled cancelling cannot canonical capacity caption carried carry casablanca case cases cast catalogue catch
    cause caused causes cell central certificate certificates certs chain change changed changes changetype changing
    channel channels chapter chapters char character characters charset chart charts check checked checkpoint
    checkpoints checks chicago child children china chisinau chmod choices choose chosen chown chr chunk cid cipher
    circle claim class classid clean cleaning clear client clients clock close closed closing cn coalesce coarse
    code codes col collate collation colon color colours column columns come comes comma command commands comment
    comments commit committed communication compact compare compared compares comparison complete completed
    components concurrent concurrently condition conf configuration configured conflict conforming confrelid
    conindid conname connect connected connection connections connector conrelid constraint constraintdef
    constraints consumer container contains content contents context continuation contradict contradicts control
    controls contype convert copies copy copying correct corrupt corrupted cost could count counted counter counts
    crash create created createdb creates creation credentials cross crt cryptographic csi current cut cx cy damage
    damaged dark dashes data database databases datatype datcollate date datname day daylight db dbname dbstat dc dd
    deadline deadlock debian debug dec decide decision declared decoder decrypt deep deeper default defect deferred
    defined definition delay delete deleted denied denver dependencies deprovisioning depth der derive derived desc
    description descriptor desired destination detail details detected dev device df dflt dialect did died differ
    difference differences differing differs digest digests digit digits directly directories directory disable
    disabled disagree discarded discover disk display distinguished div divided dl dn dns do doctype document
    documentation does doing domain done double down drift driver drop dropped dsdb dsn dt dubai due duplicate each
    earlier eastern ed edit edited edits effect egypt eight element elements else elsewhere empty en enable enabled
    encoding encrypted encrypting encryption end ended endpoint ends enforced engine entity entries entry
    environment equal equals equiv error errors escape escaped estimate estimated etc europe european events ever
    every everything exactly examined exceeded exchange excluded exec execute executing exist existing exists exit
    exited expect expected expired exponent export exports exposed expr expression extend extended external extra
    extract extremes facts fail failed failure false family far fast fatal faults fe feb feed fence few fffd ffff
    field fields figcaption figure file files fill filter final finalize finalized finalizing find finding findings
    finds fingerprint finish finished finite firewall firewalls first fit fits flag fle float fn focusable fof fold
    folder follow font footer for forbidden forbids force foreign form format found fp fpath fraction fragment
    frames free fri from fsocket full function fuser future gap gb gcm generate generated generator generic genpkey
    get gi gid give given gives gmt go goes gone grant granted greenwich grew grid group groups gssencmode gt gtb
    guid gz gzip had half halifax halted hand handed handle hands has hash hashes have hawaiian hba head header
    heading heard height held help here hex hexadecimal hidden high highest history hkdf hmac hold holder holds
    honolulu hook host hosts hour hours how href html http https humps icon iconv id idempotency identifier
    identifiers identify identity idle ids if ignored illegal image img immediate implemented import imported
    imports in inappropriate includes incomplete index indexdef indexes indexrelid india indisunique indnkeyatts
    indrelid infinity info inherited init initial initialised initiator inkey inline ino inode input inputs insert
    inside inspect install installed instance instant instants instead integer integers integrity intended interrupt
    interrupted interval intervals into invariant invariants ioctl iran irreversible is iso isolation israel issuer
    istanbul it iterations its itself jerusalem job jobs johannesburg johns join joined journal json jsonl jul
    julian jun karachi keep keepalives kept kernel key keys ki kiev kill killed kind kinds know known knows korea
    label labelledby lacks lanes lang large larger largest last later layout ld ldap ldapi ldaps ldif leading leap
    lease leased least leave ledger left legend length less let lets letter letters level levels li lib libarchive
    libcurl libpq libraries library lie lies life lifting light like limit limits line lines link links linux list
    listener listeners listens lists lite literal little live load location lock locked locks locktender locktype
    log logic logical login london lone long longer longest look lookup loopback loose los lost low lower lowest ls
    lt ltbackup ltsealed lttask machine made magnitude mail main maintenance make makes malformed management
    manifest many map mar marked marks markup mask masked masking master match matches maximum may mb mean meaning
    means meant meanwhile medium mem member members membership memory message messages meta meter method mi
    microsecond microseconds migration milliseconds mime min minute minutes mismatch mismatches misplaced missing
    misuse mode modified modify moment mon month more morocco moscow most mountain mounted move moved ms much
    multibyte multihop must mutable mutex na name named namei names namespace nanoseconds nav need needed needs
    neither nested network never new newer newest newfoundland next nil no nobody node non nonce none nor normal
    normalized not note noted notes nothing notice notification notnull nov now nowhere nspname nul null nullable
    nullif num number numbers numerical object objects objid objsubid oct odbc odd of off offers offset offsets
    often oid ok ol old older oldest on once one only open opened opening opens openssl operation operations
    operator options or order ordered ordinal ordinality origin original originals orphan orphans other others
    otherwise ou out outcome outform outlets output outputs outside outsider over overlap own owner pacific package
    packed packs page paged pages pair paired pairs pakistan parameter parent paris parse parser part partner
    partners parts party pass passed passes passphrase password path patience paulo pause payload peer pem pending
    per percent permission permissions permitted persist person perth pg pgcopy pgsize phoenix phrase physical
    picture pid pieces pipe pk pkey pkeyutl place places plain plan planned plans platform plot plural point pointer
    pointers points poison policy pooled pooler port position possible post postgre postgres postgresql pragma pre
    precision prefer prefix prepare prepared present preserve primary print printable prints private probably probe
    proc process processes processing product program programs progress prompt properties property prose protected
    protection protocol prove ps pthread pub pubin public put pv pwd query queue quot quota quote quoted quotes
    raise random range ranges ratio raw rawin reached read readable readings readonly reads ready real really reason
    reasons recipients record records recover recoverable recovery rect refer references referrer refresh refuse
    refused refuses regclass regid reinstall reject rejected rejection rejections rejects relation relative
    relatives release released relkind relname relnamespace reltuples rely remaining remedies remedy remote removal
    remove removed removes rename renamed renew repair repaired repeatable repeated repeating repeats replication
    report reports request requested requests require required reserved reset resource resources rest restart
    restarted restore restored restoring result results resumable resume retire retried retries retry returned reuid
    reversed revised revision revoked reykjavik rf rfc rfs right rights riyadh rolcreatedb rolcreaterole role roles
    roll rollback rolled rolling rolname rolsuper romance root route row rowid rows rule rules run running runs
    russian rx safe said salt samba same sao sat save savepoint says scalar scale scaling scan schema scheme schemes
    scope scratch script scroll se seal search searched second seconds secret secrets section sections secure
    secures security see seed seek seen select self semaphores send sendauth sender sends sent sentence seoul sep
    separator seq seqno serial serializable serialization serialize series server service services session sessions
    set setpriv setting settings settle settled several severed severity sha shanghai shape share shared shares
    shift shm short shorter shortfalls should shows shutdown shutting side sides sig sigfile sign signal signature
    signatures signed signing silence silent since singapore single singular sink sinks size sizes skip skipped
    slapcat slapd slash slot slots small smaller smallint smb smtp smtps snapshot so socket software some somebody
    something sort sound source sources south space span speaks specific speed spelling splice split spoken sq sql
    sqlite sqlstate src srmount ssl sslcert sslkey sslmode sslpassword sslrootcert st stale stand standard stands
    start started starting starts starttls stat state statement statements states status stay stays stdin stdout
    steady step steps still stop stopped stopping stops storage stray stream streams street strftime string strings
    stroke strong structure style stylesheet subject submission submitted substr subtree succeeded success
    successfully such sum summary summer sums sun superuser supplied support supported supporter sure surrogate svg
    switch sydney symbolic sync synchronized synchronous syntax sys system tabindex table tables tag take taken
    takes tar target task tasks tb tbl tbody tcp td tehran tell tells template temporal temporarily temporary tens
    term terminal terminate terminated terminating terms test text texts tgisinternal tgname tgrelid th than that
    the thead their them then there these they this those thread through throughput throwing thu ticks tiles time
    timed timedatectl timeout timer times timestamp timestamptz timezones title tls tmp tmpdir to together token
    tokyo told tone too took topology torn total tr trace track transaction transactions transfer transform
    transient transition transitions translate transport tried tries trigger triggerdef troubles true truncate
    truncated truncating trust trusted try tty tue tuple tuples turkey turn turnstile twice two type typed types tz
    tzdata tzdir uid ul unable unavailable underscores undivided undo undone unexpected unexpectedly unfinished
    union unique unit unix unixepoch unknown unless unlock unnest unprotected unreachable unreadable unrevised
    unsafe unsupported until untrusted unusable unused unverified up update updated upgrade upper uri url us usage
    use used user users uses usr utc utf uuid vacuum valid value values var variable vector verb verdict
    verification verified verify verifying version view viewdef viewport violates virtual vouches wait waiting waits
    waivable waive waived waiver wal wanted wants warn warned warning warnings warsaw was watch way ways weak web
    webhook wed weekday well went were what whatever when where which while who whole why wide width window with
    within without word wording words work worked worker workers workflow working workplace works worst would wr
    write writer writes writing written wrong wrote xenix xinfo xn xx xxxxxx year years yes yet york you your
    zealand zero zif zombie zone zoneinfo zones
    """
}
