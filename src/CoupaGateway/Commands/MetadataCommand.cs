using System.Collections.Immutable;
using System.CommandLine;
using CoupaGateway.Connections;
using CoupaGateway.Metadata;
using CoupaGateway.Metadata.Rest;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Custom;
using CoupaGateway.Schema.Observed;

namespace CoupaGateway.Commands;

/// <summary><c>metadata validate</c>: checks a custom metadata document, without a gateway.</summary>
internal static class MetadataCommand
{
    private static readonly Argument<string> Document = new("file") { Description = "The document; - for the standard input." };

    private static readonly Option<string> ApiVersion = new("--api-version") { Description = "Release of the Coupa instance, R21 to R46 or latest.", DefaultValueFactory = static _ => "latest" };

    public static Command Create()
    {
        ApiVersion.Validators.Clear();
        ApiVersion.Validators.Add(static result =>
        {
            if (!CoupaRelease.TryParse(result.GetValueOrDefault<string>(), out _))
                result.AddError($"--api-version must be {CoupaRelease.Oldest} to {CoupaRelease.Newest}, or latest.");
        });
        var validate = new Command("validate", "Check a custom metadata document: all findings at once, each with where, what and how to mend it. Exit code 1 when it has errors.") { Document, ApiVersion, CommandOutput.JsonOption };
        validate.SetAction(static (result, cancellationToken) => ValidateAsync(result, cancellationToken));
        return new Command("metadata", "Custom metadata.") { validate };
    }

    private static async Task<int> ValidateAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var output = new CommandOutput(result);
        var path = result.GetValue(Document)!;
        string text;
        try
        {
            text = path == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await output.ComplainAsync($"{path} cannot be read: {error.Message}");
            return ExitCodes.Unusable;
        }

        if (System.Text.Encoding.UTF8.GetByteCount(text) > MetadataLimits.Bytes)
        {
            await output.ComplainAsync($"{path} has more than {MetadataLimits.Bytes} bytes, the most that a document may have.");
            return ExitCodes.Failed;
        }

        var (_, findings) = ConnectionSchema.Check(new ConnectionOptions { ApiVersion = result.GetValue(ApiVersion)! }, text, ObservedKeys.None);
        var isValid = findings.All(static finding => finding.Severity != MetadataSeverity.Error);
        await output.WriteAsync(new MetadataCheck(isValid, findings), Describe(findings, isValid));
        return isValid ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static IEnumerable<string> Describe(ImmutableArray<MetadataFinding> findings, bool isValid) =>
    [
        .. findings.SelectMany(static finding => new[] { $"{finding.Severity} {finding.Code} at {(finding.Pointer.Length > 0 ? finding.Pointer : "/")}: {finding.Message}", $"  {finding.Remedy}" }),
        isValid ? "The document can be saved." : "The document cannot be saved.",
    ];
}
