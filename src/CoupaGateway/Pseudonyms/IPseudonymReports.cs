using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Pseudonyms;

/// <summary>Tells what the rules of each connection cover, and why a connection cannot be loaded.</summary>
internal interface IPseudonymReports
{
    /// <summary>What the rules make of the schema in force; null when there is no such connection.</summary>
    PseudonymReport? FindReport(string connection);

    /// <summary>Why the secrets that the connection needs cannot be had, fit for an operator; null when they can.</summary>
    string? FindProblem(string connection);
}
