extension Vocabulary {
  // Made by Scripts/vocabulary.
  static let text = """
    abcdef ability abnormally abort aborted about above absent accept acceptable accepted accepting access accessing
    accesslog account acl aclexplode act action actions active adbin add added addr address addresses adds admin
    administration administrator admpwd adnum adrelid advertise advice advisory aes affected affects africa after
    afterwards again agg aggregate agree agreeing agrees ahead aim aires alaskan algorithm alias all allocate allow
    allowed alone along alphabet already also alter ambiguous america among amp an analyze anchorage and anew
    angeles anode anonymous another answer any anybody anything apart api append appended application applied apply
    approval approvals approver approximate apr apt arab arabian archive are area argentina argon argument arguments
    aria array arrived as asc ascii asia aside ask asked asks aspect assign at atlantic attached attacl attempt
    attempted attempting attgenerated attidentity attisdropped attname attnotnull attnum attrdef attrelid attribute
    attributes atttypid atttypmod auckland audit auditcontainer auditcontext aug aus australia auth authenticate
    authentication authid authorities authority authorization authpassword auto autocommit autovacuum available
    average avoided awaiting away axis back backend backslash backup backups bad badge badpwdcount bangkok bar bare
    bars base based batch batches bc be bearer became because been before began begin beginning begins begun behind
    being belong belongs berlin beside between beyond big bigint bin binary bind bindir bit bits blames blank blob
    block blocked blocking blocks body book bool boolean boot both bound bounds box bp bpchar bracket brackets brand
    break bring brisbane broken brought bucharest budapest buenos buffer buffers build bulk bundle busy but by
    bypassrls byte bytea bytes ca cache cairo calcutta call callbacks came can cancel canceled canceling
    cancellation cancelled cancelling cannot canonical capacity caption capture capturing carried carry casablanca
    case cases cast catalog catalogue catch cause caused causes cell central cert certificate certificates certs
    chain change changed changes changetype changing channel channels chapter chapters char character
    characteristics characters charset chart charts check checked checkpoint checkpoints checks chicago child
    children china chisinau chmod choices choose chosen chown chr chunk cid cipher circle claim claimed class
    classid clean cleaning clear cleartextpassword client clients clock clocks close closed closing cn coalesce code
    codes col collate collation collector colon color colours column columns come comes comma command commands
    comment comments commit committed common communication compact compare compared compares comparing comparison
    complete completed components compress compressed concurrent concurrently condition conf confidentiality config
    configuration configured conflict conforming confrelid conindid conname connect connected connection connections
    connector conrelid constraint constraintdef constraints consumer container contains content contents context
    contextcsn continuation contradict contradicts control controls contype convert copied copies copy copying
    correct corrupt corrupted cost could count counter counterpart counts coverage covered cp crash create created
    createdb createrole creates createtimestamp creation creatorsname credentials critical cross crt cryptographic
    csi ctype current currentvalue cursor custom cut cx cy damage damaged dark dashes data database databases
    datatype datcollate datdba date datname dattablespace day daylight days db dbcspwd dbname dbstat dc dd dead
    deadline deadlock debian debug dec decide decided decimals decision declare declared decoder decrypt decrypting
    deep deeper defaclacl defaclobjtype default defect deferred defined definition delay delete deleted denied
    denver depend dependencies deprovisioning depth deptype der dereferencing derive derived desc description
    descriptor desired destination detail details detect detected dev device df dflt diagnostics dialect did died
    differ difference differences differing differs digest digests digit digits directly directories directory
    disable disabled disagree discarded discover disk display distinct distinguished div divided dl dn dns do docs
    doctype document documentation does doing domain done double down drift driver drivers drop dropped drops ds
    dsdb dsn dt dubai due dump dumping dumps duplicate each earlier eastern ed edit edited edits effect egypt eight
    element elements else elsewhere empty en enable enabled encoding encrypt encrypted encrypteddsrmpassword
    encryptedpassword encryptedpasswordhistory encrypting encryption end ended ending endpoint ends enforced engine
    enter entity entries entry entrycsn entrydn entryuuid environment equal equals equiv error errors escape escaped
    estimate estimated etc europe european event events ever every everybody everything evidence exactly examined
    exceeded exchange exclude excluded exec execute executescriptpassword executing exist existing exists exit
    exited expect expected expired exponent export exports exposed expr expression extend extended extension
    external extra extract extremes facts fail failed failure fall false family far fast fatal fault faults fd fe
    feb feed feeds fence fetch fetched few fffd ffff field fields figcaption figure file files fill filter filtered
    final finalize finalized finalizing find finding findings finds fingerprint finish finished finite firewall
    firewalls first fit fits flag fle float floor floors fn focusable fof fold folder folders follow followed
    follows font footer for forbidden forbids force foreign form format forward found fp fpath fraction fragment
    frame frames free fri from fsocket fsync full function fuser future gap gaps gave gb gcm generate generated
    generator generic genpkey get gets gi gid give given gives gmt gnu go goes gone grant grantable granted grantee
    grantees grants greenwich grep grew grid group groups gssencmode gt gtb guid gz gzip had half halifax halted
    hand handed handle hands hang hanging has hash hashes hassubordinates have having hawaiian hba head header
    heading heard height held help here hex hexadecimal hidden hide hides high higher highest histories history hkdf
    hmac hold holder holders holds honolulu hook host hosts hour how href html http https human humps hy hyc hyt
    icon iconv id idempotency identifier identifiers identify identities identity idle ids if ignore ignored illegal
    im image img immediate implemented import imported imports in inappropriate includes incomplete increment
    indentation index indexdef indexed indexes indexrelid india indicator indicators indisunique indnkeyatts
    indrelid inet infinity info information inherit inherited inherits ini init initdb initial initialauthincoming
    initialauthoutgoing initialised initiator inkey inline ino inode input inputs insert inside inspect install
    installed instance instant instants instead insufficient int integer integers integrity intended interrupt
    interrupted interval intervals into invariant invariants ioctl ipanthash ipatokenotpkey ipatokenradiussecret
    iran irreversible is iso isolation israel issued issuer istanbul it item items iterations its itself jerusalem
    job jobs johannesburg johns join joined journal json jsonl jul julian jun just karachi keep keepalives keeps
    kept kernel key keypackage keys ki kiev kill killed kind kinds know known knows korea krb krbextradata
    krblastpwdchange krbloginfailedcount krbmkey krbpasswordexpiration krbprincipalkey krbpwdhistory label
    labelledby lack lacks lanes lang large largeobject larger largest last late latency later layout lc ld ldap
    ldapi ldaps ldif leading leaf leap lease leased least leave leaves ledger left leftovers legend length lengths
    let lets letter letters level levels li lib libarchive libcurl libpq libraries library lie lies life lifting
    light like limit limited limits line lineage lines link links linux list listed listen listener listeners
    listens lists lite literal little live lmode lmpwdhistory lo load loaded locale location locations lock locked
    lockouttime locks locktender locktype log logged logging logic logical login logins logold logs london lone long
    longer longest look looked lookup loop loopback loose los lost low lower lowest ls lt ltbackup ltsealed lttask
    machine machines made magnitude mail main maintenance major make makes malformed managedpassword management
    manager manifest many map mar marked marks markup mask masked masking master match matches matching maximum may
    mb mcs md mean meaning means meant meanwhile medium mem member members membership memberships memberuid memory
    merged message messages meta metadata meter method mi microsecond microseconds microsoft migration milliseconds
    mime min mincsn minimal minute minutes mismatch mismatches misplaced missing misuse mode modification modified
    modifiersname modify modifytimestamp modrdn mods moment mon monetary month more morocco moscow most mountain
    mounted move moved ms msds msfve mskds mslaps much multibyte multihop multiple must mutable mutex my na name
    named namei names namespace naming nanoseconds narrows nav near need needed needs neither nested network never
    new newer newest newfoundland next no nobody node noinherit nologin non nonce none nor normal normalized not
    note noted notes nothing notice notices notification notnull nov now nowhere nsds nsmultiplexorcredentials
    nspname nspowner nsslapd ntpwdhistory nul null nullable nullif nulls num number numbered numbers numerical
    oathhotptoken oathsecret oathtotptoken object objectclass objects objid objsubid oct odbc odbcinst odd of off
    offers offset offsets often oid ok ol olc olcdbbindpw olcrootpw old older oldest on once one ones only open
    opened opening opens openssl operation operations operator ops option options or order ordered ordinal
    ordinality origin original originals origins orphan orphans other others otherwise ou out outcome outform
    outlets output outputs outside outsider over overlap own owned owner owners owns pacific package packed packs
    page paged pages pair paired pairs pakistan panic parameter parent parents paris parse parser part partner
    partners parts party pass passed passes passing passphrase password passwordexpirationtime passwordhistory
    passwords path patience paulo pause payload pb pdeathsig peer peklist pem pending per percent perform performed
    permission permissions permitted persist person perth pg pgappname pgconnect pgcopy pgdata pgdatabase pgdmp
    pggssencmode pghost pgoptions pgpassfile pgport pgsize pgsql pgsslcert pgsslkey pgsslmode pgsslrootcert pguser
    phoenix phrase physical picture pid pieces pipe pk pkey pkeyutl place places plain plan planned plans platform
    plot plural point pointer pointers points poison policies policy pooled pooler port position possible post
    postgre postgres postgresql postmaster pragma pre precision predefined prefer prefix prepare prepared present
    preserve primary principal principals print printable prints prior priorvalue private privilege privileges
    probably probe problem proc process processes processing product program programs progress prohibited prompt
    proname pronamespace properties property prose protected protection protocol proven proves ps psql psqlodbc
    psqlodbcw pthread pub pubin public publications purge put puts pv pwd pwdaccountlockedtime pwdchangedtime
    pwdfailuretime pwdgraceusetime pwdhistory pwdlastset pwdreset queries query queue quot quota quote quoted quotes
    radiussharedsecret raise random range ranges ratio raw rawin rdn reach reached read readable reader reading
    readings readonly reads ready real really reason reasons recent recipients recommends record recorded records
    recover recoverable recovery recoverypassword rect recursive redacted refer references referral referrer refresh
    refreshed refuse refused refuses regclass regid regnamespace reinstall reject rejected rejection rejections
    rejects relacl relation relations relative relatives release released relied relkind relname relnamespace reload
    relowner relpersistence relrowsecurity reltuples rely remaining remedies remedy remote removable removal remove
    removed removes rename renamed renamings renew renewed repair repaired repairs repeatable repeated repeating
    repeats replace replaced replacing replicacredentials replication replpropertymetadata report reports req
    reqauthzid reqdeleteoldrdn reqdn reqend reqentryuuid reqmessage reqmod reqnewdn reqnewrdn reqnewsuperior reqold
    reqresult reqsession reqstart reqtype request requested requests require required reserved reset resolve
    resource resources rest restart restarted restoration restore restored restores restoring result results
    resumable resume retire retried retries retry retrying returned reuid reversed revised revision revoke revoked
    reykjavik rf rfc rfs right rights riyadh rolcanlogin rolconnlimit rolcreatedb rolcreaterole role roleid roles
    rolinherit roll rollback rolled rolling rolname rolpassword rolsuper rolvaliduntil romance root rootkeydata
    rootpw rotated route row rowid rows rowset rule rules run running runs russian rx safe said salt samba
    sambacleartextpassword sambalmpassword sambantpassword sambapasswordhistory sambapwdcanchange sambapwdlastset
    sambapwdmustchange same sao sasl sat save savepoint say says scalar scale scaling scan schema schemas scheme
    schemes scope scopes scram scratch script scroll se seal search searched second seconds secret secrets section
    sections secure secures security see seed seek seen segment segments select self semaphores send sendauth sender
    senders sends sent sentence seoul sep separator seq seqno sequence sequences serial serializable serialization
    serialize series serve server service services session sessions set setpriv setting settings settle settled
    several severed severity sha shadowlastchange shall shanghai shape share shared shares shift shm shobj short
    shorter shortfalls should show shown shows shutdown shutting sid side sides sig sigfile sign signal signature
    signatures signed signing silence silent since singapore single singular sink sinks size sizes skip skipped
    slapcat slapd slash slot slots small smaller smallint smb smtp smtps snapshot so socket software some somebody
    something sort sorted sound source sources south space span spans speaks specific speed spelling splice split
    spoken sq sql sqlite sqlstate src srmount ss ssl sslcert sslkey sslmode sslpassword sslrootcert st stable stale
    stalled stand standard standing stands start started starting starts starttls stat state statement statements
    states status stay stays stdin stdout steady step steps still stmt stop stopped stopping stops storage store
    strangers stray stream streams street strftime string strings stroke strong stronger structuralobjectclass
    structure stub stubs style stylesheet subject subjects submission submitted subschemasubentry subscriptions
    substr subtree succeeded success successfully such suffix sum summary summer sums sun superior superuser
    superusers supplementalcredentials supplied support supported supporter sure surrogate svg switch sydney
    symbolic sync synchronized synchronous syntax sys system tabindex table tables tablespace tag take taken takes
    tally tar target task tasks tb tbl tbody tcp td tdsodbc tehran tell tells template temporal temporarily
    temporary tenths term terminal terminate terminated terminating terminator terms test tested text texts
    tgisinternal tgname tgrelid th than that the thead their them themselves then there these they this those thread
    through throughput throwing thrown thu ticks tiles time timed timedatectl timeout timer times timestamp
    timestamptz timezone timezones title tls tmp tmpdir to together token tokyo told tone too took tools top
    topology torn total tr trace track traits transaction transactions transfer transform transient transition
    transitions translate transport tried tries trigger triggerdef trips troubles true truncate truncated truncating
    trust trustauthincoming trustauthoutgoing trusted try tty tue tuple tuples turkey turn turnstile twice twins two
    tx type typed types typname typnamespace typtype tz tzdata tzdir uid ul unable unavailable unchanging undefined
    under underscores undivided undo undone unexpected unexpectedly unfinished unicodepwd union unique uniquemember
    unit units unix unixepoch unknown unless unlock unnest unnumbered unprotected unreachable unreadable unsafe
    unsupported until untrusted unusable unused unverified unwilling up update updated upgrade upper uri url us
    usable usage use used user useraccountcontrol userbyid username userpassword userpkcs users uses usnchanged
    usncreated usr utc utf uuid vacuum valid value values var varchar variable variables vector verb verdict
    verification verified verifier verifiers verify verifying version view viewdef viewport views violates violation
    virtual vouches wait waiting waits waivable waive waived waiver wal wanted wants warn warned warning warnings
    warsaw was watch way ways weak web webhook wed weekday well went were what whatever when whenchanged whencreated
    where whether which while who whole why wide width widths window wishes with within without word wording words
    work worked worker workers workflow working workplace works worst would wr write writer writes writing written
    wrong wrote xenix xinfo xn xx xxxxxx year years yes yet york you your yours zealand zero zif zombie zone
    zoneinfo zones
    """
}
