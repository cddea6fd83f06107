using System.Collections.Immutable;
using CoupaGateway.Coupa.Failures;

namespace CoupaGateway.Coupa.Testing;

/// <summary>The codes of findings, besides those of failures (<see cref="CoupaFailureCodes"/>). Alerts and documents know them: they never change.</summary>
public static class TestCodes
{
    public const string Ok = "ok";
    public const string Skipped = "skipped";
    public const string AddressMalformed = "address_malformed";
    public const string CertificateExpiresSoon = "certificate_expires_soon";
    public const string NoRecords = "no_records";
    public const string ClockSkew = "clock_skew";
    public const string NoWatermark = "no_watermark";
    public const string TimeOver = "test_time_over";
    public const string CustomMetadataUnfit = "custom_metadata_unfit";
    public const string CustomMetadataEmpty = "custom_metadata_empty";
    public const string PseudonymKeyMissing = "pseudonym_key_missing";
    public const string CacheUnavailable = "cache_unavailable";
    public const string CacheLowOnSpace = "cache_low_on_space";
    public const string CacheUnfit = "cache_unfit";
    public const string Internal = "internal";

    /// <summary>All codes that a finding can have.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        Ok, Skipped, AddressMalformed, CertificateExpiresSoon, NoRecords, ClockSkew, NoWatermark, TimeOver, CustomMetadataUnfit, CustomMetadataEmpty, PseudonymKeyMissing, CacheUnavailable, CacheLowOnSpace, CacheUnfit, Internal,
        .. Enum.GetValues<CoupaFailure>().Select(CoupaFailureCodes.CodeOf),
    ];
}
