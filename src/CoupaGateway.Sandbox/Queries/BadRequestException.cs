namespace CoupaGateway.Sandbox.Queries;

/// <summary>A request that Coupa answers with 400 and <c>{"errors":{"field":["message"]}}</c>.</summary>
internal sealed class BadRequestException(string subject, string message) : Exception($"{subject} {message}")
{
    public string Subject => subject;

    public string Reason => message;
}
