// Package unwrap undoes the encodings that secrets hide behind in a gateway's
// files: JSON string escapes, percent-encoding and base64. For each it gives the
// decoding, the places worth decoding, and the way back from decoded bytes to
// the bytes of the source that hold them, so that a secret that was found in
// decoded text can be replaced where it really stands.
//
// The functions are pure and work on any text, whole or cut anywhere: what is no
// valid encoding stays as it is, and there are no errors. They are on the hot path
// of a scan: none allocates when its destination has room, save Base64, which
// allocates one buffer in a call that finds a run.
//
// The package must not know files, formats or rules.
package unwrap
