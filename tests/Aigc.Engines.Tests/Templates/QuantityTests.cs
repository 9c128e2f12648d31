using Aigc.Engines.Templates;

namespace Aigc.Engines.Tests.Templates;

/// <summary>Whether a disk is to grow hangs on reading sizes as the cluster does.</summary>
public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("20Gi", "21474836480")]
    [InlineData("1.5Ti", "1649267441664")]
    [InlineData("100G", "100000000000")]
    [InlineData("1e9", "1000000000")]
    [InlineData("500m", "0.5")]
    [InlineData("1024Ki", "1048576")]
    [InlineData("2E", "2000000000000000000")]
    public void An_amount_is_read(string text, string value) =>
        Quantity.Parse(text).ShouldBe(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("Gi")]
    [InlineData("-1Gi")]
    [InlineData("20GB")]
    [InlineData("20 Gi")]
    [InlineData("99999999999999999999e99")]
    [InlineData("99999999999999999999Ei")]
    public void What_is_no_amount_is_none(string text) => Quantity.Parse(text).ShouldBeNull();
}
