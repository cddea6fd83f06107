using System.Runtime.ExceptionServices;

namespace CoupaGateway.OData.Query;

/// <summary>
/// Runs the parser of long expressions on a thread with a large stack: it recurses once per term of <c>a or b or c …</c>, and a stack overflow would
/// end the process (it gives up at 800 levels itself). Short expressions cannot go deep and stay where they are.
/// </summary>
internal static class DeepStack
{
    private const int LongText = 1_000;
    private const int StackBytes = 32 << 20;

    public static T Run<T>(int textLength, Func<T> parse)
    {
        if (textLength < LongText)
            return parse();

        var result = default(T);
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = parse();
                }
                catch (Exception exception)
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            StackBytes);
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }
}
