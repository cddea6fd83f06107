namespace CoupaGateway.Schema.Custom;

/// <summary>The codes of <see cref="MetadataFinding"/>. Scripts know them: they never change.</summary>
public static class MetadataCodes
{
    public const string NotJson = "not-json";
    public const string TooDeep = "too-deep";
    public const string WrongType = "wrong-type";
    public const string Missing = "missing";
    public const string KeyTwice = "key-twice";
    public const string UnknownKey = "unknown-key";
    public const string UnknownType = "unknown-type";
    public const string UnknownRelease = "unknown-release";
    public const string BadUrl = "bad-url";
    public const string BadQuery = "bad-query";
    public const string BadPseudonym = "bad-pseudonym";
    public const string UnknownTarget = "unknown-target";
    public const string NoSource = "no-source";
    public const string TwoSources = "two-sources";
    public const string OtherUrl = "other-url";
    public const string NameRepaired = "name-repaired";
    public const string NameReserved = "name-reserved";
    public const string NameTaken = "name-taken";
    public const string ColumnTwice = "column-twice";
    public const string ColumnKnown = "column-known";
    public const string ColumnRetyped = "column-retyped";
    public const string BadKey = "bad-key";
    public const string KeyAdded = "key-added";
    public const string Newer = "newer-than-instance";
    public const string NotSelected = "not-selected";
    public const string MatchesNothing = "matches-nothing";
    public const string NoWatermark = "no-watermark";
    public const string NoColumns = "no-columns";
    public const string TooWide = "too-wide";
    public const string TooMany = "too-many";
}
