package dev.stowage.cli.page;

import dev.stowage.testing.Program;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real Chromium without a window. */
final class Browser implements AutoCloseable {

    private static final List<String> ARGUMENTS = List.of(
            "--headless",
            "--no-sandbox", // for root; it shows our own pages only
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--hide-scrollbars",
            "--force-device-scale-factor=1",
            "--lang=en");

    private final ChromeDriver driver;

    Browser() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(file(Program.CHROMIUM));
        options.addArguments(ARGUMENTS);
        LoggingPreferences logging = new LoggingPreferences();
        logging.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logging);
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(file(Program.CHROMEDRIVER))
                        .usingAnyFreePort()
                        .build(),
                options);
    }

    private static File file(String program) {
        return Program.named(program).file().toFile();
    }

    /** Loads a file with this fragment, such as {@code verdict=runs}. */
    void open(Path file, String fragment) {
        driver.get("about:blank");
        driver.get(file.toUri() + (fragment.isEmpty() ? "" : "#" + fragment));
    }

    void resize(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
        cdp(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Pretends that this is a screen of this colour scheme, or paper. */
    void media(String type, String colourScheme) {
        cdp(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "media",
                        type,
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", colourScheme))));
    }

    void scripts(boolean enabled) {
        cdp("Emulation.setScriptExecutionDisabled", Map.of("value", !enabled));
    }

    Map<String, Object> cdp(String command, Map<String, Object> parameters) {
        return driver.executeCdpCommand(command, parameters);
    }

    Object script(String body, Object... arguments) {
        return driver.executeScript(body, arguments);
    }

    Object asyncScript(String body, Object... arguments) {
        return driver.executeAsyncScript(body, arguments);
    }

    WebElement element(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    /** The texts of these elements, as a person sees them. */
    List<String> texts(String css) {
        return driver.findElements(By.cssSelector(css)).stream()
                .map(WebElement::getText)
                .toList();
    }

    /** The number of these elements. */
    int count(String css) {
        return driver.findElements(By.cssSelector(css)).size();
    }

    /** The value of a style of the first of these elements, as it is computed. */
    String style(String css, String property) {
        return element(css).getCssValue(property);
    }

    /** Presses keys where the focus is. */
    void press(Keys... keys) {
        for (Keys key : keys) {
            driver.switchTo().activeElement().sendKeys(key);
        }
    }

    /** The text of what has the focus. */
    String focused() {
        return driver.switchTo().activeElement().getText();
    }

    /** Chooses an option by its text. */
    void select(String id, String option) {
        driver.findElements(By.cssSelector("#" + id + " option")).stream()
                .filter(one -> one.getText().equals(option))
                .findFirst()
                .orElseThrow()
                .click();
    }

    /** What comes after {@code #} in the address. */
    String fragment() {
        return Optional.of(driver.getCurrentUrl().split("#", 2))
                .filter(parts -> parts.length == 2)
                .map(parts -> parts[1])
                .orElse("");
    }

    void back() {
        driver.navigate().back();
    }

    /** What the console said since the last call. */
    List<String> console() {
        return StreamSupport.stream(driver.manage().logs().get(LogType.BROWSER).spliterator(), false)
                .map(LogEntry::getMessage)
                .toList();
    }

    /** The page as it would be printed. */
    byte[] pdf() {
        return Base64.getDecoder()
                .decode((String) cdp("Page.printToPDF", Map.of("printBackground", true, "displayHeaderFooter", false))
                        .get("data"));
    }

    /** A picture of what is in view. */
    void screenshot(Path file) throws IOException {
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    Stream<WebElement> elements(String css) {
        return driver.findElements(By.cssSelector(css)).stream();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
