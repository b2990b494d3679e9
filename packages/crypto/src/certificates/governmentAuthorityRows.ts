/**
 * A row of the list of GCC High and DoD: name, parent (empty for a root), serial, SHA-1 thumbprint,
 * first and last day of the certificate.
 */
type Row = readonly [string, string, string, string, string, string]

/** Parents, written once. */
const baltimore = "Baltimore CyberTrust Root"
const digiCertGlobal = "DigiCert Global Root CA"
const globalG2 = "DigiCert Global Root G2"
const highAssurance = "DigiCert High Assurance EV Root CA"
const entrustRoot = "Entrust Root Certification Authority"
const entrustG2 = "Entrust Root Certification Authority - G2"
const entrust2048 = "Entrust.net Certification Authority (2048)"

/**
 * CRY-197: the separate list of GCC High and DoD as of 2020-10-16, the newest there is (CHAIN-GOV), in
 * its order. Two parents are not as the page names them: it leaves one out, and contradicts its own
 * key identifier for L1E; both stand by the authority key identifier here (inferred).
 */
export const governmentAuthorityRows: readonly Row[] = [
  [
    baltimore,
    "",
    "020000b9",
    "D4DE20D05E66FC53FE1A50882C78DB2852CAE474",
    "2000-05-12",
    "2025-05-12",
  ],
  [
    "DigiCert Cloud Services CA-1",
    digiCertGlobal,
    "019ec1c6bd3f597bb20c3338e551d877",
    "81B68D6CD2F221F8F534E677523BB236BBA1DC56",
    "2015-08-04",
    "2030-08-04",
  ],
  [
    "DigiCert Cloud Services CA-1",
    digiCertGlobal,
    "0f171a48c6f223809218cd2ed6ddc0e8",
    "B3F6B64A07BB9611F47174407841F564FB991F29",
    "2020-09-24",
    "2030-09-24",
  ],
  [
    digiCertGlobal,
    "",
    "083be056904246b1a1756ac95991c74a",
    "A8985D3A65E5E5C4B2D7D66D40C6DD2FB19C5436",
    "2006-11-10",
    "2031-11-10",
  ],
  [
    globalG2,
    "",
    "033af1e6a711a9a0bb2864b11d09fae5",
    "DF3C24F9BFD666761B268073FE06D1CC8D4F82A4",
    "2013-08-01",
    "2038-01-15",
  ],
  [
    highAssurance,
    "",
    "02ac5c266a0b409b8f0b79f2ae462577",
    "5FB7EE0633E259DBAD0C4C9AE6D38F1A61C7DC25",
    "2006-11-10",
    "2031-11-10",
  ],
  [
    "DigiCert SHA2 Extended Validation Server CA",
    highAssurance,
    "0c79a944b08c11952092615fe26b1d83",
    "7E2F3A4F8FE8FA8A5730AECA029696637E986F3F",
    "2013-10-22",
    "2028-10-22",
  ],
  [
    "DigiCert SHA2 Secure Server CA",
    digiCertGlobal,
    "01fda3eb6eca75c888438b724bcfbc91",
    "1FB86B1168EC743154062E8C9CC5B171A4B7CCB4",
    "2013-03-08",
    "2023-03-08",
  ],
  [
    "DigiCert SHA2 Secure Server CA",
    digiCertGlobal,
    "02742eaa17ca8e21c717bb1ffcfd0ca0",
    "626D44E704D1CEABE3BF0D53397464AC8080142C",
    "2020-09-22",
    "2030-09-22",
  ],
  [
    "DigiCert TLS RSA SHA256 2020 CA1",
    digiCertGlobal,
    "0a3508d55c292b017df8ad65c00ff7e4",
    "6938FD4D98BAB03FAADB97B34396831E3780AEA1",
    "2020-09-23",
    "2030-09-23",
  ],
  [
    entrustRoot,
    "",
    "456b5054",
    "B31EB1B740E36C8402DADC37D44DF5D4674952F9",
    "2006-11-27",
    "2026-11-27",
  ],
  [
    entrustG2,
    "",
    "4a538c28",
    "8CF427FD790C3AD166068DE81E57EFBB932272D4",
    "2009-07-07",
    "2030-12-07",
  ],
  [
    entrust2048,
    "",
    "3863def8",
    "503006091D97D4F5AE39F7CBE7927D7D652D3431",
    "1999-12-24",
    "2029-07-24",
  ],
  [
    "Entrust Certification Authority - L1C",
    entrust2048,
    "4c0e8c39",
    "C53E73073F93CE7895DE7484126BC303DAB9E657",
    "2011-11-11",
    "2021-11-11",
  ],
  [
    "Entrust Certification Authority - L1E",
    entrustRoot,
    "4c0ec918",
    "8A000CC056F7D17349F045BEB0319A3B91C9F979",
    "2011-11-11",
    "2021-11-11",
  ],
  [
    "Entrust Certification Authority - L1K",
    entrustG2,
    "0ee94cc30000000051d37785",
    "F21C12F46CDB6B2E16F09F9419CDFF328437B2D7",
    "2015-10-05",
    "2030-12-05",
  ],
  [
    "Entrust Certification Authority - L1M",
    entrustG2,
    "61a1e7d20000000051d366a6",
    "CC136695639065FAB47074D28C55314C66077E90",
    "2014-12-15",
    "2030-10-15",
  ],
  [
    "Microsoft Azure TLS Issuing CA 01",
    globalG2,
    "0aafa6c5ca63c45141ea3be1f7c75317",
    "2F2877C5D778C31E0F29C7E371DF5471BD673173",
    "2020-07-29",
    "2024-06-27",
  ],
  [
    "Microsoft Azure TLS Issuing CA 02",
    globalG2,
    "0c6ae97cced599838690a00a9ea53214",
    "E7EEA674CA718E3BEFD90858E09F8372AD0AE2AA",
    "2020-07-29",
    "2024-06-27",
  ],
  [
    "Microsoft Azure TLS Issuing CA 05",
    globalG2,
    "0d7bede97d8209967a52631b8bdd18bd",
    "6C3AF02E7F269AA73AFD0EFF2A88A4A1F04ED1E5",
    "2020-07-29",
    "2024-06-27",
  ],
  [
    "Microsoft Azure TLS Issuing CA 06",
    globalG2,
    "02e79171fb8021e93fe2d983834c50c0",
    "30E01761AB97E59A06B41EF20AF6F2DE7EF4F7B0",
    "2020-07-29",
    "2024-06-27",
  ],
  [
    "Microsoft IT TLS CA 1",
    baltimore,
    "08b87a501bbe9cda2d164d3e3951bf55",
    "417E225037FBFAA4F95761D5AE729E1AEA7E3A42",
    "2016-05-20",
    "2024-05-20",
  ],
  [
    "Microsoft IT TLS CA 2",
    baltimore,
    "0f2c10c95b06c0937fb8d449f83e8569",
    "54D9D20239080C32316ED9FF980A48988F4ADF2D",
    "2016-05-20",
    "2024-05-20",
  ],
  [
    "Microsoft IT TLS CA 4",
    baltimore,
    "0b6ab3b03eb1a9f6c460926aa8cdfeb3",
    "8A38755D0996823FE8FA3116A277CE446EAC4E99",
    "2016-05-20",
    "2024-05-20",
  ],
  [
    "Microsoft IT TLS CA 5",
    baltimore,
    "0888cd525f1924444d14a58291deb952",
    "AD898AC73DF333EB60AC1F5FC6C4B2219DDB79B7",
    "2016-05-20",
    "2024-05-20",
  ],
  [
    "Microsoft RSA TLS CA 01",
    baltimore,
    "0f14965f202069994fd5c7ac788941e2",
    "703D7A8F0EBF55AAA59F98EAF4A206004EB2516A",
    "2020-07-21",
    "2024-10-08",
  ],
  [
    "Microsoft RSA TLS CA 02",
    baltimore,
    "0fa74722c53d88c80f589efb1f9d4a3a",
    "B0C2D2D13CDD56CDAA6AB6E2C04440BE4A429C75",
    "2020-07-21",
    "2024-10-08",
  ],
]
