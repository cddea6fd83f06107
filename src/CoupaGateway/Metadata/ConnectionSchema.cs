using System.Collections.Immutable;
using System.Text;
using CoupaGateway.Connections;
using CoupaGateway.Pseudonyms;
using CoupaGateway.Schema.Custom;
using CoupaGateway.Schema.Observed;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Metadata;

/// <summary>The schema of a connection, and how it came about.</summary>
/// <param name="Custom">What the custom metadata made of the built-in tables.</param>
/// <param name="Result">The schema with its pseudonyms.</param>
/// <param name="Problem">Why the tables cannot be loaded; null when they can.</param>
internal sealed record ConnectionSchema(MetadataResult Custom, PseudonymResult Result, string? Problem)
{
    /// <summary>
    /// Builds it: built-in tables of the release, custom metadata, observed columns, pseudonyms. Each step takes what the one before made.
    /// </summary>
    public static ConnectionSchema Build(ConnectionOptions options, MetadataDocument document, ObservedKeys observed)
    {
        var builtIn = options.BuildSchema();
        var custom = options.CustomMetadata && !document.Resources.IsEmpty
            ? MetadataComposer.Compose(builtIn, document, options.Release)
            : new MetadataResult(builtIn, [], [], []);
        var result = ConnectionPseudonyms.Apply(options, ObservedColumns.Apply(custom.Schema, observed, options.ObservedColumns.ToPolicy()), custom.Rules, out var problem);
        return new ConnectionSchema(custom, result, problem);
    }

    /// <summary>What is to be said of a document for a connection: of its form, of its names, and of its rules for pseudonyms.</summary>
    public static (ConnectionSchema Schema, ImmutableArray<MetadataFinding> Findings) Check(ConnectionOptions options, string text, ObservedKeys observed)
    {
        var reading = MetadataReader.Read(Encoding.UTF8.GetBytes(text));
        var schema = Build(options, reading.Document, observed);
        var report = schema.Result.Report;

        // What is wrong with the connection's own rules is none of the document's fault.
        var before = !report.Problems.IsEmpty || !report.UnmatchedRules.IsEmpty ? Build(options, MetadataDocument.Empty, observed).Result.Report : report;
        return (schema,
        [
            .. reading.Findings,
            .. schema.Custom.Findings,
            .. report.Problems.Except(before.Problems)
                .Select(static problem => new MetadataFinding("", MetadataSeverity.Error, MetadataCodes.BadPseudonym, problem, "Change or remove the rule in pseudonymize.")),
            .. report.UnmatchedRules.Except(before.UnmatchedRules)
                .Select(static rule => new MetadataFinding("", MetadataSeverity.Warning, MetadataCodes.MatchesNothing, $"The rule {rule} matches no column.", "Give the column's name as the feed has it.")),
        ]);
    }
}
