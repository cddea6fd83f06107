using System.Collections.Immutable;
using CoupaGateway.Rest;
using CoupaGateway.Schema.Custom;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoupaGateway.Metadata.Rest;

/// <summary>Findings that are errors.</summary>
internal static class MetadataFaults
{
    public static bool Any(ImmutableArray<MetadataFinding> findings) => findings.Any(static finding => finding.Severity == MetadataSeverity.Error);

    /// <summary>Errors by JSON pointer; those of the whole document stand at the empty one.</summary>
    public static ProblemHttpResult Refuse(ImmutableArray<MetadataFinding> findings) => Problems.Create(
        StatusCodes.Status400BadRequest,
        "invalid-metadata",
        "The custom metadata cannot be taken.",
        "See errors, by JSON pointer; POST it to …/metadata/validate for warnings too. What is in force stays.",
        findings.Where(static finding => finding.Severity == MetadataSeverity.Error)
            .GroupBy(static finding => finding.Pointer, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.Select(static finding => $"{finding.Code}: {finding.Message} {finding.Remedy}").ToArray(), StringComparer.Ordinal));
}
