// SPDX-License-Identifier: Apache-2.0
/** What the tests are built on: native tools, views of /proc, JVMs inside the test JVM, and leak checks. */
package io.spawn4j.linux.support;
