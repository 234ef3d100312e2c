// What Debian's static libpq asks of GSSAPI and LDAP, answered with a clean refusal.
//
// Debian builds libpq with Kerberos and LDAP but ships neither library as an archive, so a binary
// that needs only glibc cannot link them. libpq calls GSSAPI only to look for a Kerberos ticket and
// when a server demands Kerberos; LDAP only for an ldap:// line in a service file. With these
// answers it finds no ticket and goes on without encryption by Kerberos, and a server or service
// file that insists gets an error that says why.
#include <stddef.h>

typedef unsigned int Status;
typedef struct {
  size_t length;
  void* value;
} Buffer;

enum { status_complete = 0, status_unavailable = 16u << 16, ldap_failure = 81 };

void* GSS_C_NT_HOSTBASED_SERVICE = NULL;

static Status refuse(Status* minor) {
  *minor = 0;
  return status_unavailable;
}

static void clear(Buffer* buffer) {
  buffer->length = 0;
  buffer->value = NULL;
}

Status gss_acquire_cred(Status* minor, void* name, Status time, void* mechanisms, int usage,
                        void** credential, void** actual, Status* time_left) {
  (void)name, (void)time, (void)mechanisms, (void)usage, (void)actual, (void)time_left;
  *credential = NULL;
  return refuse(minor);
}

Status gss_import_name(Status* minor, Buffer* text, void* type, void** name) {
  (void)text, (void)type;
  *name = NULL;
  return refuse(minor);
}

Status gss_init_sec_context(Status* minor, void* credential, void** context, void* name,
                            void* mechanism, Status flags, Status time, void* bindings,
                            Buffer* input, void** actual, Buffer* output, Status* flags_out,
                            Status* time_out) {
  (void)credential, (void)context, (void)name, (void)mechanism, (void)flags, (void)time;
  (void)bindings, (void)input, (void)actual, (void)flags_out, (void)time_out;
  clear(output);
  return refuse(minor);
}

Status gss_wrap(Status* minor, void* context, int encrypt, Status quality, Buffer* input,
                int* encrypted, Buffer* output) {
  (void)context, (void)encrypt, (void)quality, (void)input;
  *encrypted = 0;
  clear(output);
  return refuse(minor);
}

Status gss_unwrap(Status* minor, void* context, Buffer* input, Buffer* output, int* encrypted,
                  Status* quality) {
  (void)context, (void)input, (void)quality;
  *encrypted = 0;
  clear(output);
  return refuse(minor);
}

Status gss_wrap_size_limit(Status* minor, void* context, int encrypt, Status quality, Status wanted,
                           Status* limit) {
  (void)context, (void)encrypt, (void)quality, (void)wanted;
  *limit = 0;
  return refuse(minor);
}

// libpq appends the text to its error message and asks again while *more is not zero.
Status gss_display_status(Status* minor, Status code, int type, void* mechanism, Status* more,
                          Buffer* text) {
  static char reason[] = "this program is built without Kerberos (GSSAPI)";
  (void)code, (void)type, (void)mechanism;
  *minor = 0;
  *more = 0;
  text->length = sizeof reason - 1;
  text->value = reason;
  return status_complete;
}

Status gss_release_buffer(Status* minor, Buffer* buffer) {
  *minor = 0;
  clear(buffer);
  return status_complete;
}

Status gss_release_cred(Status* minor, void** credential) {
  *minor = 0;
  *credential = NULL;
  return status_complete;
}

Status gss_release_name(Status* minor, void** name) {
  *minor = 0;
  *name = NULL;
  return status_complete;
}

Status gss_delete_sec_context(Status* minor, void** context, Buffer* token) {
  (void)token;
  *minor = 0;
  *context = NULL;
  return status_complete;
}

// libpq stops the lookup here: "could not create LDAP structure".
void* ldap_init(const char* host, int port) {
  (void)host, (void)port;
  return NULL;
}

// Nothing below is reached, for each needs what ldap_init did not give.
int ldap_set_option(void* ldap, int option, const void* value) {
  (void)ldap, (void)option, (void)value;
  return ldap_failure;
}

int ldap_simple_bind(void* ldap, const char* who, const char* password) {
  (void)ldap, (void)who, (void)password;
  return -1;
}

int ldap_result(void* ldap, int id, int all, void* timeout, void** message) {
  (void)ldap, (void)id, (void)all, (void)timeout;
  *message = NULL;
  return -1;
}

int ldap_search_st(void* ldap, const char* base, int scope, const char* filter, char** attributes,
                   int only_names, void* timeout, void** message) {
  (void)ldap, (void)base, (void)scope, (void)filter, (void)attributes, (void)only_names;
  (void)timeout;
  *message = NULL;
  return ldap_failure;
}

int ldap_count_entries(void* ldap, void* message) {
  (void)ldap, (void)message;
  return 0;
}

void* ldap_first_entry(void* ldap, void* message) {
  (void)ldap, (void)message;
  return NULL;
}

void** ldap_get_values_len(void* ldap, void* entry, const char* attribute) {
  (void)ldap, (void)entry, (void)attribute;
  return NULL;
}

void ldap_value_free_len(void** values) { (void)values; }

int ldap_msgfree(void* message) {
  (void)message;
  return 0;
}

int ldap_unbind(void* ldap) {
  (void)ldap;
  return 0;
}

char* ldap_err2string(int code) {
  static char reason[] = "this program is built without LDAP";
  (void)code;
  return reason;
}
