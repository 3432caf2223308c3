import Glibc

let isRecording = unsafe getenv("LOCKTENDER_RECORD") != nil
