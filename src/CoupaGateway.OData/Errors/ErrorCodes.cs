namespace CoupaGateway.OData.Errors;

/// <summary>The values of <c>error.code</c>: part of the interface, so they do not change.</summary>
internal static class ErrorCodes
{
    public const string NotFound = "NotFound";
    public const string NotImplemented = "NotImplemented";
    public const string NotAcceptable = "NotAcceptable";
    public const string FailedDependency = "FailedDependency";
    public const string UnsupportedMediaType = "UnsupportedMediaType";
    public const string PreconditionFailed = "PreconditionFailed";
    public const string MethodNotAllowed = "MethodNotAllowed";
    public const string InvalidUrl = "InvalidUrl";
    public const string InvalidOption = "InvalidOption";
    public const string InvalidBatch = "InvalidBatch";
    public const string InvalidVersion = "InvalidVersion";
    public const string InvalidValue = "InvalidValue";
    public const string TooComplex = "TooComplex";
    public const string SnapshotExpired = "SnapshotExpired";
    public const string NotLoaded = "NotLoaded";
    public const string Damaged = "Damaged";
    public const string Busy = "Busy";
    public const string DiskFull = "DiskFull";
    public const string Internal = "InternalError";
}
