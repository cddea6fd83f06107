using System.Collections.Frozen;

namespace CoupaGateway.Coupa.Testing;

/// <summary>The likely cause of each code and what to do about it.</summary>
public static class TestAdvice
{
    private static readonly FrozenDictionary<string, (string Cause, string Fix)> Known = new Dictionary<string, (string, string)>
    {
        [TestCodes.Skipped] = ("A step before it failed.", "Mend that one first, then test again."),
        [TestCodes.AddressMalformed] = (
            "The address is not the base address of a Coupa instance, or its host is not on the allow list.",
            "Give https://{organization}.coupahost.com or .coupacloud.com without a path. An administrator can add other hosts to Outbound:AllowedHosts."),
        ["coupa_name_not_resolved"] = (
            "The organization's name is misspelled, or this machine's DNS cannot resolve names on the internet.",
            "Compare the address with the one in your browser when you use Coupa; then try `nslookup` with the name on this machine."),
        ["coupa_address_refused"] = (
            "The name resolves to an address inside a private network, or the host is not on the allow list. A DNS filter, or an attempt to reach internal systems.",
            "Look at what the name resolves to on this machine. If requests have to go through a proxy, name it in Outbound:Proxy."),
        ["coupa_unreachable"] = (
            "A firewall drops or refuses the connection, or the instance is down.",
            "Let this machine connect to the instance at port 443, or name the proxy in Outbound:Proxy."),
        ["coupa_tls_failed"] = (
            "The certificate has expired, is made for another name, or is not trusted: often a proxy that inspects traffic.",
            "Install the inspecting proxy's root certificate on this machine, or take the instance out of the inspection."),
        [TestCodes.CertificateExpiresSoon] = ("The certificate of the instance, or of a proxy in between, is about to expire.", "Tell whoever runs it; the gateway stops loading when it has expired."),
        ["coupa_timeout"] = ("The instance answers slowly, or something in between swallows the requests.", "Test again later. If it stays, ask Coupa's support, and whoever runs the firewall."),
        ["coupa_invalid_client"] = (
            "The client id or the secret is wrong, or the OAuth client was removed or deactivated in Coupa.",
            "In Coupa under Setup, OAuth2/OpenID Connect Clients, compare the identifier and show the secret once more; enter both anew, without blanks around them."),
        ["coupa_invalid_scope"] = (
            "The OAuth client in Coupa does not have this scope.",
            "In Coupa edit the OAuth client, grant the scope, save, and test again. Or leave out the tables that need it."),
        ["coupa_token_refused"] = (
            "The token request is refused as such: mostly because this machine's IP address is not allowed.",
            "Add this machine's public IP address to the allow list of the OAuth client or of the instance in Coupa."),
        ["coupa_unauthorized"] = ("The API does not accept the token, although it is new.", "Check that the OAuth client is active and that its user may use the API; then ask Coupa's support."),
        ["coupa_forbidden"] = (
            "The token has the scope, but its client may not read this resource: content groups, a missing licence, or an IP allow-list.",
            "In Coupa give the client access to the resource, or leave the table out."),
        ["coupa_not_found"] = ("This instance has no such resource: the module is not licensed, or the release is older.", "Leave the table out, or correct the connection's API version."),
        ["coupa_not_acceptable"] = ("The instance cannot give this resource as JSON.", "Leave the table out, and tell Coupa's support."),
        ["coupa_bad_request"] = ("The instance refuses the query, mostly because of its release.", "Correct the connection's API version, and test again."),
        ["coupa_throttled"] = ("Other integrations use up the instance's request limit.", "Lower requestsPerSecond of the connection, or move the other integrations to another time."),
        ["coupa_server_error"] = ("Coupa has a fault or is under maintenance.", "Test again later; see Coupa's status page."),
        ["coupa_redirected"] = (
            "The instance sends requests to another page: a login page for single sign-on, an IP allow-list, or the address of another instance.",
            "Compare the address with the one in your browser; allow this machine's IP address in Coupa. Redirects are never followed."),
        ["coupa_html_page"] = ("A login or maintenance page answers instead of the API.", "Compare the address with the one in your browser; test again after the maintenance."),
        ["coupa_malformed_body"] = ("What answers is not Coupa's API, or the answer was cut off on its way.", "Compare the address; look for a proxy in between."),
        ["coupa_body_too_large"] = ("A single record is larger than the gateway accepts.", "Raise MaxBodyBytes of the connection, if this is meant to be."),
        ["coupa_paging_broken"] = ("The instance ignores the filter on ids or their order, so tables cannot be read completely.", "Tell Coupa's support, with the resource's name."),
        [TestCodes.NoRecords] = ("There are no records, or the client sees none of them: content groups.", "If there should be some, give the client access to them in Coupa."),
        [TestCodes.ClockSkew] = ("This machine's clock or the instance's is wrong.", "Let this machine set its clock by NTP: changes are fetched by time."),
        [TestCodes.NoWatermark] = ("The records have no time of change, so changes cannot be fetched by it.", "Nothing: such tables are loaded as a whole."),
        [TestCodes.TimeOver] = ("The instance is slow, or the request budget is small: a test takes a minute and a tenth of the budget at most.", "Test fewer tables at a time, or test again when no load is running."),
        [TestCodes.CustomMetadataUnfit] = (
            "The custom metadata gives columns another type than their values have, or a key that records lack.",
            "POST …/metadata/preview shows the rows; correct type or key in the document, see docs/custom-metadata.md."),
        [TestCodes.CustomMetadataEmpty] = (
            "The custom metadata names fields that these records do not have: misspelled, in another object, or just never filled.",
            "POST …/metadata/preview tells the keys that no column takes; compare the names."),
        [TestCodes.PseudonymKeyMissing] = ("The key that pseudonyms are made with cannot be read.", "Put the key where Pseudonymization says that it is: see docs/pseudonymization.md."),
        [TestCodes.CacheUnavailable] = ("The cache server is down, or its address or password is wrong.", "Check Cache:Redis, and that the server runs."),
        [TestCodes.CacheLowOnSpace] = ("The cache server's memory is nearly used up.", "Raise its maxmemory, or load fewer tables."),
        [TestCodes.CacheUnfit] = ("The cache server is too old, throws keys away, takes no writes, or its user may not do what the gateway needs.", "Do what the finding says; docs/redis.md tells what the gateway needs."),
        [TestCodes.Internal] = ("A fault in the gateway.", "Look at the gateway's log, and report it."),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Nulls for what needs no advice.</summary>
    public static (string? Cause, string? Fix) For(string code) => Known.TryGetValue(code, out var advice) ? advice : default((string?, string?));
}
