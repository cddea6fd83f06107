using System.Collections.Immutable;
using System.Globalization;

namespace CoupaGateway.Schema.Custom;

/// <summary>Findings as they come, so many and no more.</summary>
internal sealed class FindingList
{
    private readonly List<MetadataFinding> _findings = [];
    private int _dropped;

    public bool HasErrors { get; private set; }

    public void Error(string pointer, string code, string message, string remedy) => Add(new(pointer, MetadataSeverity.Error, code, message, remedy));

    public void Warn(string pointer, string code, string message, string remedy) => Add(new(pointer, MetadataSeverity.Warning, code, message, remedy));

    public void Tell(string pointer, string code, string message, string remedy) => Add(new(pointer, MetadataSeverity.Information, code, message, remedy));

    public void Add(MetadataFinding finding)
    {
        HasErrors |= finding.Severity == MetadataSeverity.Error;
        if (_findings.Count < MetadataLimits.Findings)
            _findings.Add(finding);
        else
            _dropped++;
    }

    public ImmutableArray<MetadataFinding> ToImmutable() => _dropped == 0 ? [.. _findings] :
    [
        .. _findings,
        new("", HasErrors ? MetadataSeverity.Error : MetadataSeverity.Warning, MetadataCodes.TooMany, string.Create(CultureInfo.InvariantCulture, $"There are {_dropped} more findings."), "Mend these first."),
    ];
}
